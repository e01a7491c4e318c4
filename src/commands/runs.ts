import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { nearest } from '../base/nearest.ts'
import { plural } from '../base/quantity.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import { type Expression, formatPath, type Path, pathsOf } from '../expression/expression.ts'
import { parsePaths, parseSortKeys, type SortKey } from '../expression/keys.ts'
import { parseExpression } from '../expression/parse.ts'
import { runVocabulary } from '../expression/run-vocabulary.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readRun } from '../ledger/index/find-run.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { matchingRows, sortRows } from '../ledger/index/runs/query.ts'
import { fieldsOfRows, quoteCsv, toCsvRow, toRunJson } from '../lineage/runs/list.ts'
import { buildRunTable, type RunTable } from '../lineage/runs/table.ts'
import { renderRuns } from '../lineage/runs/text.ts'
import { painter } from '../render/colour.ts'
import { isUnicodeLocale, sparkline } from '../render/sparkline.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

interface Wish {
  where: Expression | undefined
  keys: SortKey[]
  columns: Path[] | undefined
  all: boolean
  /** How many to list; Infinity for all. */
  limit: number
  as: 'table' | 'json' | 'csv'
}

/** `git prov runs`: filtered and sorted from the index. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const wish = readWish(parseWords(spec, joinSort(argv)))
  await withRuns(context, async ({ objects, index, refused }) => {
    const matched = matchingRows(index, wish.where, context.now().getTime())
    const rows = sortRows(index, matched, wish.keys, wish.limit)
    if (wish.as === 'table') await printTable(context, objects, index, { wish, rows, matched: matched.length })
    else await printList(context, index, rows, wish)
    if (rows.length === 0) tellNone(context, index, wish.where)
    if (refused > 0)
      context.stderr.write(`prov: ${plural(refused, 'record')} left out, not as the schema says (git prov verify)\n`)
  })
  return 0
}

function readWish({ flags, words }: ParsedWords): Wish {
  if (words.length > 0)
    throw new ProvError('usage', `runs takes no '${words[0]}'`, { hint: `git prov runs --where 'stage = train'` })
  if (flags.json && flags.csv) throw new ProvError('usage', '--json and --csv are two', { hint: 'git prov help runs' })
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined)
  const parts = [text('where'), text('stage') && `stage = "${text('stage')?.replace(/["\\]/g, '\\$&')}"`]
  const expressions = parts.flatMap((part) => (part === undefined ? [] : [parseExpression(part, runVocabulary)]))
  const where = expressions.length > 1 ? ({ kind: 'and', parts: expressions } as const) : expressions[0]
  const columns = text('columns')
  const as = flags.json ? 'json' : flags.csv ? 'csv' : 'table'
  return {
    where,
    keys: parseSortKeys(text('sort') ?? '-started', runVocabulary),
    columns: columns === undefined ? undefined : parsePaths(columns, runVocabulary).map(({ path }) => path),
    all: flags.all === true,
    limit: readLimit(text('number'), as === 'table' ? 50 : 0),
    as,
  }
}

function readLimit(text: string | undefined, otherwise: number): number {
  const limit = text === undefined ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(limit)) throw new ProvError('usage', `-n ${text} is no number`, { hint: 'git prov runs -n 20' })
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

/** `--sort -metrics.f1` as one word: a value that begins with a minus would be taken for a flag. */
function joinSort(argv: readonly string[]): string[] {
  const at = argv.indexOf('--sort')
  const value = at < 0 ? undefined : argv[at + 1]
  return value === undefined ? [...argv] : [...argv.slice(0, at), `--sort=${value}`, ...argv.slice(at + 2)]
}

interface Found {
  wish: Wish
  rows: number[]
  matched: number
}

async function printTable(context: Context, objects: ObjectReader, index: RunIndex, found: Found): Promise<void> {
  const { wish, rows, matched } = found
  if (rows.length === 0) return
  const first = [...wish.keys.map(({ path }) => path), ...(wish.where ? pathsOf(wish.where) : [])]
  const table = buildRunTable(index, rows, { first, all: wish.all, ...(wish.columns && { columns: wish.columns }) })
  const view = {
    table,
    matched,
    shortIds: index.members.shorten(table.ids),
    started: index.valuesOf({ root: 'started' }, rows),
    unicode: isUnicodeLocale(context.env),
    series: await seriesOf(context, objects, index, rows, table),
  }
  const output = openOutput(context)
  const width = context.stdout.columns ?? 80
  const lines = await renderRuns(view, width, context.now(), painter(output.colour))
  await output.write(`${lines.join('\n')}\n`)
  await output.end()
}

/** The series of the first metric that has one, of the run that is best by it, else of the first. */
async function seriesOf(
  context: Context,
  objects: ObjectReader,
  index: RunIndex,
  rows: readonly number[],
  { ids, fields }: RunTable,
) {
  const metrics = fields.filter(({ path }) => path.root === 'metrics')
  const place = metrics.find(({ best }) => best.length > 0)?.best[0] ?? 0
  if (metrics.length === 0) return []
  const { record } = await readRun(index, objects, rows[place] as number)
  for (const { path } of metrics) {
    const { curve = [], steps = 0 } = record.metrics?.[path.name ?? ''] ?? {}
    const line = sparkline(curve, isUnicodeLocale(context.env))
    if (line) return [{ name: path.name ?? '', line, id: ids[place] as string, steps }]
  }
  return []
}

async function printList(context: Context, index: RunIndex, rows: readonly number[], wish: Wish): Promise<void> {
  const paths = wish.columns ? [{ root: 'id' }, ...wish.columns] : fieldsOfRows(index, rows)
  const output = openOutput(context, false)
  if (wish.as === 'csv') await output.write(`${paths.map((path) => quoteCsv(formatPath(path))).join(',')}\n`)
  for (const row of rows) {
    const line =
      wish.as === 'csv' ? escapeLine(toCsvRow(index, row, paths)) : JSON.stringify(toRunJson(index, row, paths))
    if (!(await output.write(`${line}\n`))) break
  }
  await output.end()
}

/** Nothing is listed: there is nothing, or no run has what was asked for. */
function tellNone(context: Context, index: RunIndex, where: Expression | undefined): void {
  const tell = (text: string) => context.stderr.write(`${escapeLine(`prov: ${text}`)}\n`)
  if (index.count === 0) return void tell('no runs yet (git prov run -- <command>)')
  tell(`none of ${plural(index.count, 'run')}`)
  for (const path of where ? pathsOf(where) : []) {
    if (index.column(path)) continue
    const others = index.source.paths.filter(({ root }) => root === path.root).map(({ name }) => name ?? '')
    const guess = nearest(path.name ?? '', others)
    const hint = guess ? `; did you mean ${formatPath({ root: path.root, name: guess })}?` : ''
    tell(`no run has ${formatPath(path)}${hint}`)
  }
}
