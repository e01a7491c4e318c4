import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import { formatPath } from '../expression/expression.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readRun, rowOf } from '../ledger/index/find-run.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { compareEnvironments } from '../lineage/compare/environments.ts'
import { type CompareView, renderCompare } from '../lineage/compare/text.ts'
import { fieldsOfRows, quoteCsv, toRunJson } from '../lineage/runs/list.ts'
import { buildRunTable } from '../lineage/runs/table.ts'
import type { Environment } from '../records/environment.ts'
import type { RunView } from '../records/run.ts'
import { painter } from '../render/colour.ts'
import { isUnicodeLocale } from '../render/sparkline.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov compare <run> <run>...`: any number of runs side by side. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const base = typeof flags.baseline === 'string' ? flags.baseline : undefined
  const names = base === undefined ? words : [base, ...words]
  if (names.length < 2)
    throw new ProvError('usage', 'compare takes two runs or more', { hint: 'git prov runs lists them' })
  await withRuns(context, async ({ objects, index }) => {
    const rows = rowsOf(index, names)
    const compared = await compare(context, objects, index, rows)
    const as = flags.json ? toJson(index, rows, compared) : flags.csv ? toCsv(compared) : undefined
    const output = openOutput(context, as === undefined ? undefined : false)
    const width = context.stdout.columns ?? 80
    const text = as ?? (await renderCompare(compared, width, context.now(), painter(output.colour))).join('\n')
    await output.write(`${text}\n`)
    await output.end()
  })
  return 0
}

/** Each run once; the first is what the others are compared with. */
function rowsOf(index: RunIndex, names: readonly string[]): number[] {
  const rows = names.map((name) => {
    const row = rowOf(index, name)
    if (row === undefined)
      throw new ProvError('unknown-revision', `there is no run '${name}' here`, { hint: 'git prov runs' })
    return row
  })
  const distinct = [...new Set(rows)]
  if (distinct.length < 2)
    throw new ProvError('usage', `${names.join(' and ')} are one run`, { hint: 'git prov runs lists them' })
  return distinct
}

async function compare(
  context: Context,
  objects: ObjectReader,
  index: RunIndex,
  rows: readonly number[],
): Promise<CompareView> {
  const views: RunView[] = []
  for (const row of rows) views.push(await readRun(index, objects, row))
  const table = buildRunTable(index, rows, { also: [{ root: 'started' }, { root: 'commit' }, { root: 'snapshot' }] })
  return {
    table,
    shortIds: index.members.shorten(table.ids),
    baseline: 0,
    environment: compareEnvironments(await environmentsOf(context, objects, views)),
    curves: curvesOf(views),
    unicode: isUnicodeLocale(context.env),
  }
}

async function environmentsOf(
  context: Context,
  objects: ObjectReader,
  views: readonly RunView[],
): Promise<(Environment | undefined)[]> {
  const { branchRef } = readSettings(context.repository())
  const read = new Map<string, Promise<Environment | undefined>>()
  const all = views.map(({ record: { environment } }) => {
    if (!('digest' in environment)) return undefined
    const known = read.get(environment.digest) ?? readEnvironment(objects, branchRef, environment.digest)
    read.set(environment.digest, known)
    return known
  })
  return await Promise.all(all)
}

function curvesOf(views: readonly RunView[]): CompareView['curves'] {
  const names = new Set(views.flatMap(({ record }) => Object.keys(record.metrics ?? {})))
  return new Map([...names].map((name) => [name, views.map(({ record }) => record.metrics?.[name]?.curve)]))
}

function toJson(index: RunIndex, rows: readonly number[], { table, environment }: CompareView): string {
  const paths = fieldsOfRows(index, rows)
  const view = {
    baseline: table.ids[0],
    differs: table.fields.map(({ path }) => formatPath(path)),
    same: table.same.map(({ path }) => formatPath(path)),
    environment,
    runs: rows.map((row) => toRunJson(index, row, paths)),
  }
  return JSON.stringify(view, null, 2)
}

/** A line a field, a column a run. */
function toCsv({ table, environment }: CompareView): string {
  const lines = [
    ['field', ...table.ids],
    ...[...table.fields, ...table.same].map(({ path, kind, values }) => [
      formatPath(path),
      ...values.map((value) => textOf(kind === 'moment' ? momentOf(value) : value)),
    ]),
    ...environment.map(({ group, name, values }) => [`env.${group}.${name}`, ...values.map(textOf)]),
  ]
  return lines.map((line) => escapeLine(line.map(quoteCsv).join(','))).join('\n')
}

const textOf = (value: unknown) => (value === undefined ? '' : String(value))
const momentOf = (value: unknown) => (typeof value === 'number' ? new Date(value).toISOString() : value)
