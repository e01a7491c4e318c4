import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isMissing } from '../../base/missing.ts'
import type { Context } from '../../context.ts'
import { writeBundle } from '../../git/refs/bundle.ts'
import { Guard } from '../guard.ts'
import { bringInputs } from '../inputs.ts'
import { openPlace, type Workspace } from '../place/workspace.ts'
import { sourcesOf } from '../prepare.ts'
import type { Subject } from '../subject.ts'
import { type BundledInput, type BundleIndex, bundleReadme } from './bundle-format.ts'
import { bundledFiles } from './bundled-files.ts'
import type { PackedFile } from './pack.ts'

export interface Making {
  subject: Subject
  /** Text of the finished record. */
  text: string
  environment: Buffer | undefined
  /** The most bytes of inputs to include. */
  most: number
  /** A folder, or a .tar.gz; must not exist yet. */
  target: string
}

const archiveName = /\.(tar\.gz|tgz)$/

/** Writes next to the target, then renames, so that a bundle is complete or absent. Returns its inputs. */
export async function makeBundle(context: Context, making: Making): Promise<BundledInput[]> {
  const { target } = making
  const work = mkdtempSync(join(dirname(target), '.git-prov-bundle-'))
  let workspace: Workspace | undefined
  const close = () => {
    workspace?.close()
    rmSync(work, { recursive: true, force: true })
  }
  const guard = new Guard(close)
  try {
    workspace = await openPlace(context, making.subject)
    const folder = join(work, basename(target).replace(archiveName, ''))
    mkdirSync(folder)
    const inputs = await findInputs(context, workspace, making)
    await writeParts(context, making, folder, inputs)
    if (archiveName.test(target)) await writeArchive(workspace, making, folder, inputs)
    else copyInputs(workspace, inputs, join(folder, 'inputs'))
    renameSync(archiveName.test(target) ? join(work, 'archive') : folder, target)
    return inputs
  } finally {
    close()
    guard.off()
  }
}

async function writeParts(
  context: Context,
  { subject, text, environment }: Making,
  folder: string,
  inputs: readonly BundledInput[],
): Promise<void> {
  const { record, snapshotTree } = subject
  const tree = snapshotTree ?? record.about?.tree ?? ''
  const commit = await writeBundle(context.repository(), tree, join(folder, 'code.bundle'))
  const index: BundleIndex = { version: 1, run: subject.id, record: subject.finishedId, commit, tree }
  writeFileSync(join(folder, 'bundle.json'), `${JSON.stringify(index, null, 2)}\n`)
  writeFileSync(join(folder, 'run.json'), text)
  if (environment) writeFileSync(join(folder, 'environment.json'), environment)
  writeFileSync(join(folder, 'README.md'), bundleReadme(index, record, inputs))
}

/** Inputs that are not part of the code: those that fit, and why the others are left out. */
async function findInputs(context: Context, workspace: Workspace, { subject, most }: Making): Promise<BundledInput[]> {
  const sources = sourcesOf(context.repository(), [])
  const found = await bringInputs(workspace, subject, sources).finally(() => sources.workTree?.objects.close())
  let total = 0
  return found.flatMap(({ path, recorded, from, reason }): BundledInput[] => {
    if (from === 'code' || recorded === undefined) return []
    const bytes = subject.record.inputs.find((input) => input.path === path)?.bytes
    const input = { path, digest: recorded, bytes }
    if (from === undefined) return [{ ...input, lacking: reason ?? 'it is not here' }]
    const size = sizeOf(join(workspace.repository.workTree, path))
    if (total + size > most) return [{ ...input, lacking: 'too large (--max-size)' }]
    total += size
    return [input]
  })
}

const here = (inputs: readonly BundledInput[]) => inputs.filter(({ lacking }) => lacking === undefined)

function copyInputs(workspace: Workspace, inputs: readonly BundledInput[], folder: string): void {
  for (const { path } of here(inputs))
    cpSync(join(workspace.repository.workTree, path), join(folder, path), { recursive: true, dereference: true })
}

/** Packs the inputs from where they are, without a temporary copy. */
async function writeArchive(
  workspace: Workspace,
  { subject }: Making,
  folder: string,
  inputs: readonly BundledInput[],
): Promise<void> {
  const { environment } = subject.record
  const recorded: Record<string, string | undefined> = {
    'run.json': subject.finishedId,
    'environment.json': isMissing(environment) ? undefined : environment.digest,
  }
  const parts = readdirSync(folder).map(
    (name): PackedFile => ({ name, from: join(folder, name), digest: recorded[name] }),
  )
  for (const input of here(inputs)) parts.push(...(await bundledFiles(workspace, input)))
  const { pack } = await import('./pack.ts')
  await pack(
    parts.map((part) => ({ ...part, name: `${basename(folder)}/${part.name}` })),
    join(dirname(folder), 'archive'),
  )
}

/** Size in bytes of a file, or of all files in a folder. */
export function sizeOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
