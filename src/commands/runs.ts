import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import { parsePaths, parseSortKeys } from '../expression/keys.ts'
import { parseExpression } from '../expression/parse.ts'
import { runVocabulary } from '../expression/run-vocabulary.ts'
import { listRuns } from '../lineage/runs/list.ts'
import { explainNone, queryRuns, type RunsQuery } from '../lineage/runs/query.ts'
import { type RunsView, renderRuns } from '../lineage/runs/text.ts'
import { buildRunsView } from '../lineage/runs/view.ts'
import { painter } from '../render/colour.ts'
import { isUnicodeLocale } from '../render/sparkline.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov runs`: filtered and sorted from the index. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { query, as } = readWords(parseWords(spec, joinSort(argv)))
  await withRuns(context, async ({ objects, index, refused }) => {
    const found = queryRuns(index, query, context.now().getTime())
    if (as !== 'table') await printLines(context, listRuns(index, found.rows, query.columns, as))
    else if (found.rows.length > 0)
      await printTable(context, await buildRunsView(index, objects, query, found, isUnicodeLocale(context.env)))
    const remarks = found.rows.length === 0 ? explainNone(index, query.where) : []
    if (refused > 0)
      remarks.push(`${plural(refused, 'record')} left out: they do not match the schema (git prov verify)`)
    for (const remark of remarks) context.stderr.write(`${escapeLine(`prov: ${remark}`)}\n`)
  })
  return 0
}

function readWords({ flags, words }: ParsedWords): { query: RunsQuery; as: 'table' | 'json' | 'csv' } {
  if (words.length > 0)
    throw new ProvError('usage', `runs takes no '${words[0]}'`, { hint: `git prov runs --where 'stage = train'` })
  if (flags.json && flags.csv)
    throw new ProvError('usage', '--json and --csv cannot be combined', { hint: 'git prov help runs' })
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined)
  const parts = [text('where'), text('stage') && `stage = "${text('stage')?.replace(/["\\]/g, '\\$&')}"`]
  const expressions = parts.flatMap((part) => (part === undefined ? [] : [parseExpression(part, runVocabulary)]))
  const where = expressions.length > 1 ? ({ kind: 'and', parts: expressions } as const) : expressions[0]
  const columns = text('columns')
  const as = flags.json ? 'json' : flags.csv ? 'csv' : 'table'
  const query = {
    where,
    keys: parseSortKeys(text('sort') ?? '-started', runVocabulary),
    columns: columns === undefined ? undefined : parsePaths(columns, runVocabulary).map(({ path }) => path),
    all: flags.all === true,
    limit: readLimit(text('number'), as === 'table' ? 50 : 0),
  }
  return { query, as }
}

function readLimit(text: string | undefined, otherwise: number): number {
  const limit = text === undefined ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(limit)) throw new ProvError('usage', `-n ${text} is not a number`, { hint: 'git prov runs -n 20' })
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

/** `--sort -metrics.f1` as one word: a value that starts with a minus would be parsed as a flag. */
function joinSort(argv: readonly string[]): string[] {
  const at = argv.indexOf('--sort')
  const value = at < 0 ? undefined : argv[at + 1]
  return value === undefined ? [...argv] : [...argv.slice(0, at), `--sort=${value}`, ...argv.slice(at + 2)]
}

async function printTable(context: Context, view: RunsView): Promise<void> {
  const output = openOutput(context)
  const lines = await renderRuns(view, context.stdout.columns ?? 80, context.now(), painter(output.colour))
  await output.write(`${lines.join('\n')}\n`)
  await output.end()
}

async function printLines(context: Context, lines: Iterable<string>): Promise<void> {
  const output = openOutput(context, false)
  for (const line of lines) if (!(await output.write(`${line}\n`))) break
  await output.end()
}
