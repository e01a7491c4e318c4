import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { isMissing } from '../base/missing.ts'
import { parseByteSize } from '../base/parse-byte-size.ts'
import { formatBytes, plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { writeBundle } from '../git/refs/bundle.ts'
import { needRun } from '../ledger/index/find-run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { environmentPath } from '../records/layout.ts'
import { type BundledInput, type BundleIndex, bundleReadme } from '../replay/bundle-format.ts'
import { bringInputs } from '../replay/inputs.ts'
import { sourcesOf } from '../replay/prepare.ts'
import { type Subject, subjectOf } from '../replay/subject.ts'
import { packTar } from '../replay/tar.ts'
import { openPlace, type Place } from '../replay/workspace.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov bundle <run>`: all that a stranger needs to do the run again, as a folder or a .tar.gz. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...more] = words
  if (word === undefined || more.length > 0)
    throw new ProvError('usage', 'bundle takes one run', { hint: 'git prov bundle <run>' })
  const most = parseByteSize((flags['max-size'] as string | undefined) ?? '100MB', '--max-size')
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const { branchRef } = readSettings(repository)
    const view = await needRun(repository, objects, word)
    const subject = await subjectOf(view, objects, branchRef)
    const target = resolve(context.cwd, (flags.output as string | undefined) ?? `run-${subject.id.slice(0, 6)}`)
    if (existsSync(target)) throw new ProvError('usage', `${target} is there already`, { hint: 'name another with -o' })
    const environment = isMissing(subject.record.environment)
      ? undefined
      : (await objects.read(`${branchRef}:${environmentPath(subject.record.environment.digest)}`))?.body
    const text = view.finished?.text ?? ''
    const made = await make(context, { subject, text, environment, most, target })
    report(context, target, made)
    return made.some(({ lacking }) => lacking !== undefined) ? 1 : 0
  } finally {
    objects.close()
  }
}

interface Making {
  subject: Subject
  /** Of the finished record. */
  text: string
  environment: Buffer | undefined
  /** Bytes of inputs at most. */
  most: number
  target: string
}

/** Written beside the target and then renamed: a bundle is whole or not there. */
async function make(context: Context, making: Making): Promise<BundledInput[]> {
  const { subject, target } = making
  const work = mkdtempSync(join(dirname(target), '.git-prov-bundle-'))
  const place = await openPlace(context, subject).catch((error) => {
    rmSync(work, { recursive: true, force: true })
    throw error
  })
  try {
    const folder = join(work, basename(target).replace(/\.(tar\.gz|tgz)$/, ''))
    mkdirSync(folder)
    const inputs = await addInputs(context, place, making, join(folder, 'inputs'))
    writeParts(context, making, folder, inputs)
    if (!/\.(tar\.gz|tgz)$/.test(target)) renameSync(folder, target)
    else {
      const archive = join(work, 'archive')
      writeFileSync(archive, gzipSync(packTar(filesOf(folder))))
      renameSync(archive, target)
    }
    return inputs
  } finally {
    place.close()
    rmSync(work, { recursive: true, force: true })
  }
}

function writeParts(
  context: Context,
  { subject, text, environment }: Making,
  folder: string,
  inputs: readonly BundledInput[],
): void {
  const { record, snapshotTree } = subject
  const tree = snapshotTree ?? record.about?.tree ?? ''
  const commit = writeBundle(context.repository(), tree, join(folder, 'code.bundle'))
  const index: BundleIndex = { version: 1, run: subject.id, record: subject.finishedId, commit, tree }
  writeFileSync(join(folder, 'bundle.json'), `${JSON.stringify(index, null, 2)}\n`)
  writeFileSync(join(folder, 'run.json'), text)
  if (environment) writeFileSync(join(folder, 'environment.json'), environment)
  writeFileSync(join(folder, 'README.md'), bundleReadme(index, record, inputs))
}

/** Inputs that the code does not bring, as long as they fit. */
async function addInputs(
  context: Context,
  place: Place,
  { subject, most }: Making,
  folder: string,
): Promise<BundledInput[]> {
  const sources = sourcesOf(context.repository(), [])
  const found = await bringInputs(place, subject, sources).finally(() => sources.workTree?.objects.close())
  let total = 0
  const added: BundledInput[] = []
  for (const { path, recorded, from, reason } of found) {
    if (from === 'code' || recorded === undefined) continue
    const bytes = subject.record.inputs.find((input) => input.path === path)?.bytes
    const input = { path, digest: recorded, bytes }
    const size = from === undefined ? 0 : sizeOf(join(place.repository.workTree, path))
    if (from === undefined) added.push({ ...input, lacking: reason ?? 'it is not here' })
    else if (total + size > most) added.push({ ...input, lacking: 'too large (--max-size)' })
    else {
      total += size
      cpSync(join(place.repository.workTree, path), join(folder, path), { recursive: true, dereference: true })
      added.push(input)
    }
  }
  return added
}

function sizeOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function filesOf(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: `${basename(folder)}/${file.slice(folder.length + 1)}`, bytes: readFileSync(file) }))
}

function report({ stdout }: Context, target: string, inputs: readonly BundledInput[]): void {
  const lacking = inputs.filter((input) => input.lacking !== undefined)
  const size = statSync(target).isDirectory() ? sizeOf(target) : statSync(target).size
  stdout.write(
    escapeLine(`prov: ${target}  ${formatBytes(size)}  ${plural(inputs.length - lacking.length, 'input')}`).concat(
      '\n',
    ),
  )
  for (const { path, lacking: reason } of lacking) stdout.write(`${escapeLine(`  not in it: ${path}: ${reason}`)}\n`)
}
