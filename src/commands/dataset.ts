import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { short } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import { splitPath } from '../collect/datasets/glob.ts'
import { fingerprintDatasets } from '../collect/datasets.ts'
import type { DatasetDeclaration } from '../config/config.ts'
import { configName, loadConfig, readConfigText } from '../config/config-file.ts'
import { addDataset, removeDataset, writeConfig } from '../config/edit-config.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import type { NoteDataset } from '../records/capture-note.ts'
import { describeDataset } from '../records/dataset.ts'
import { progressLine } from '../terminal/progress.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov dataset add|remove|list|verify`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [action, ...rest] = words
  if (!context.repository().workTree)
    throw new ProvError('usage', 'a bare repository has no prov.yaml', { hint: 'type it in a clone' })
  if (action === 'add' && rest.length === 2) return await add(context, rest[0] as string, rest[1] as string)
  if (action === 'remove' && rest.length === 1) return await remove(context, rest[0] as string)
  if ((action === 'list' || action === undefined) && rest.length === 0) return await list(context, flags.json === true)
  if (action === 'verify') return await verify(context, rest, flags.json === true)
  throw new ProvError('usage', 'this is no form of git prov dataset', { hint: 'git prov help dataset' })
}

const configPath = (context: Context) => join(context.repository().workTree as string, configName)

async function add(context: Context, name: string, given: string): Promise<number> {
  const path = fromTop(context, given)
  const file = configPath(context)
  const text = existsSync(file)
    ? readConfigText(file)
    : await writeConfig({ datasets: [], parameters: [], metrics: [] })
  const edited = await addDataset(text, { name, path })
  const { base } = splitPath(path)
  if (
    !existsSync(join(context.repository().workTree as string, base)) &&
    !existsSync(join(context.repository().workTree as string, `${path}.dvc`))
  ) {
    throw new ProvError('config', `there is nothing at '${path}'`, { hint: 'create it first, or check the spelling' })
  }
  writeFileSync(file, edited)
  const { [name]: print } = await fingerprint(context, [{ name, path }])
  context.stdout.write(
    escapeLine(`prov: ${name}  ${path}  ${print ? describeDataset(print.dataset) : ''}`).concat('\n'),
  )
  return 0
}

/** A path as typed, from the top of the work tree. */
function fromTop(context: Context, given: string): string {
  const top = context.repository().workTree as string
  const path = relative(top, isAbsolute(given) ? given : resolve(context.cwd, given)) || '.'
  if (path.startsWith('..'))
    throw new ProvError('usage', `'${given}' is outside the work tree`, { hint: `a dataset lies below ${top}` })
  return path
}

async function remove(context: Context, name: string): Promise<number> {
  const file = configPath(context)
  if (!existsSync(file)) throw new ProvError('usage', `there is no ${configName}`, { hint: 'git prov init' })
  writeFileSync(file, await removeDataset(readConfigText(file), name))
  context.stdout.write(`prov: ${escapeLine(name)} is no longer fingerprinted; what was recorded of it stays\n`)
  return 0
}

async function fingerprint(context: Context, datasets: readonly DatasetDeclaration[]) {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  const progress = progressLine(context.stderr)
  try {
    const head = await objects.read('HEAD')
    return await fingerprintDatasets({
      repository,
      objects,
      commit: { oid: head?.oid ?? '0'.repeat(40) },
      datasets,
      cacheDir: localDir(repository).cache,
      late: false,
      deadline: Number.POSITIVE_INFINITY,
      onProgress: (what, step) => progress.show({ what, ...step }),
    })
  } finally {
    progress.clear()
    objects.close()
  }
}

async function headDatasets(context: Context) {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const head = await objects.read('HEAD')
    const capture = head && (await readCapture({ objects, settings: readSettings(repository) }, head.oid))
    return capture?.datasets ?? {}
  } finally {
    objects.close()
  }
}

async function list(context: Context, json: boolean): Promise<number> {
  const { datasets } = await loadConfig(context.repository(), localDir(context.repository()).cache)
  const recorded = await headDatasets(context)
  const width = Math.max(0, ...datasets.map(({ name }) => name.length))
  for (const { name, path } of datasets) {
    const known = recorded[name]
    if (json) context.stdout.write(`${stringifyLine({ name, path, recorded: known ?? null })}\n`)
    else {
      const words = known ? describeDataset({ state: 'complete', ...known }) : 'not recorded at HEAD yet'
      context.stdout.write(`${escapeLine(`${name.padEnd(width)}  ${path}  ${words}`)}\n`)
    }
  }
  if (datasets.length === 0 && !json) context.stdout.write('prov: no datasets; git prov dataset add <name> <path>\n')
  return 0
}

/** Fingerprints again, reading every byte that is not known by its stat, and compares with what HEAD's capture says. */
async function verify(context: Context, names: readonly string[], json: boolean): Promise<number> {
  const { datasets } = await loadConfig(context.repository(), localDir(context.repository()).cache)
  const unknown = names.find((name) => !datasets.some((dataset) => dataset.name === name))
  if (unknown) throw new ProvError('usage', `there is no dataset '${unknown}'`, { hint: 'git prov dataset list' })
  const chosen = datasets.filter(({ name }) => names.length === 0 || names.includes(name))
  const recorded = await headDatasets(context)
  const now = await fingerprint(context, chosen)
  let same = true
  for (const { name } of chosen) {
    const was = recorded[name]?.digest
    const is = now[name]?.dataset
    const state = !was ? 'unrecorded' : is?.digest === was && !is.uncommitted ? 'same' : 'different'
    if (state !== 'same') same = false
    if (json) context.stdout.write(`${stringifyLine({ name, state, recorded: was ?? null, now: is ?? null })}\n`)
    else context.stdout.write(`${escapeLine(verdict(name, recorded[name], is))}\n`)
  }
  return same ? 0 : 1
}

function verdict(
  name: string,
  recorded: NoteDataset | undefined,
  is: (Parameters<typeof describeDataset>[0] & { uncommitted?: { count: number } }) | undefined,
): string {
  const was = recorded?.digest
  if (!is || !recorded) return `${name}  not recorded at HEAD; git prov capture`
  if (!was) return `${name}  ${recorded.state ?? 'not known'} at HEAD; now ${describeDataset(is)}`
  if (is.uncommitted)
    return `${name}  differs: ${plural(is.uncommitted.count, 'uncommitted change')} beside ${short(was)}`
  return is.digest === was
    ? `${name}  ${short(was)} as recorded`
    : `${name}  differs: ${describeDataset(is)}, recorded ${short(was)}`
}
