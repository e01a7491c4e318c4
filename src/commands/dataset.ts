import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import type { Context } from '../context.ts'
import { declareDataset, undeclareDataset } from '../datasets/declare.ts'
import { fingerprintNow } from '../datasets/fingerprint-now.ts'
import { datasetView, renderDatasets } from '../datasets/list-view.ts'
import { readDatasets } from '../datasets/recorded.ts'
import { renderVerified, verifiedView, verifyDatasets } from '../datasets/verify.ts'
import { describeDataset } from '../records/dataset.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov dataset add|remove|list|verify`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [action, ...rest] = words
  const json = flags.json === true
  const top = context.repository().workTree
  if (!top) throw new ProvError('usage', 'a bare repository has no prov.yaml', { hint: 'run it in a clone' })
  if (action === 'add' && rest.length === 2) return await add(context, top, rest[0] as string, rest[1] as string)
  if (action === 'remove' && rest.length === 1) return await remove(context, top, rest[0] as string)
  if ((action === 'list' || action === undefined) && rest.length === 0) return await list(context, json)
  if (action === 'verify') return await verify(context, rest, json)
  throw new ProvError('usage', 'wrong arguments for git prov dataset', { hint: 'git prov help dataset' })
}

async function add(context: Context, top: string, name: string, typed: string): Promise<number> {
  const path = await declareDataset({ cwd: context.cwd, top }, name, typed)
  const { [name]: print } = await fingerprintNow(context, [{ name, path }])
  say(context, `prov: ${name}  ${path}  ${print ? describeDataset(print.dataset) : ''}`)
  return 0
}

async function remove(context: Context, top: string, name: string): Promise<number> {
  await undeclareDataset(top, name)
  context.stdout.write(`prov: ${escapeLine(name)} is no longer fingerprinted; what was recorded of it stays\n`)
  return 0
}

async function list(context: Context, json: boolean): Promise<number> {
  const datasets = await readDatasets(context.repository())
  if (json) for (const one of datasets) context.stdout.write(`${stringifyLine(datasetView(one))}\n`)
  else for (const line of renderDatasets(datasets)) say(context, line)
  if (datasets.length === 0 && !json) context.stdout.write('prov: no datasets; git prov dataset add <name> <path>\n')
  return 0
}

async function verify(context: Context, names: readonly string[], json: boolean): Promise<number> {
  const verified = await verifyDatasets(context, names)
  for (const one of verified)
    if (json) context.stdout.write(`${stringifyLine(verifiedView(one))}\n`)
    else say(context, renderVerified(one))
  return verified.every(({ state }) => state === 'same') ? 0 : 1
}

const say = ({ stdout }: Context, line: string) => stdout.write(`${escapeLine(line)}\n`)
