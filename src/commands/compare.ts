import { ProvError } from '../base/errors.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import { rowOf } from '../ledger/index/find-run.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { compareCsv, compareJson } from '../lineage/compare/formats.ts'
import { renderCompare } from '../lineage/compare/text.ts'
import { compareRuns } from '../lineage/compare/view.ts'
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
    throw new ProvError('usage', 'compare takes two or more runs', { hint: 'git prov runs lists them' })
  await withRuns(context, async ({ objects, index }) => {
    const rows = rowsOf(index, names)
    const view = await compareRuns(context.repository(), objects, index, rows, isUnicodeLocale(context.env))
    const plain = flags.json
      ? JSON.stringify(compareJson(index, rows, view), null, 2)
      : flags.csv
        ? compareCsv(view)
        : undefined
    const output = openOutput(context, plain === undefined ? undefined : false)
    const width = context.stdout.columns ?? 80
    const text = plain ?? (await renderCompare(view, width, context.now(), painter(output.colour))).join('\n')
    await output.write(`${text}\n`)
    await output.end()
  })
  return 0
}

/** Each run once; the others are compared with the first. */
function rowsOf(index: RunIndex, names: readonly string[]): number[] {
  const rows = names.map((name) => {
    const row = rowOf(index, name)
    if (row === undefined)
      throw new ProvError('unknown-revision', `there is no run '${name}' here`, { hint: 'git prov runs' })
    return row
  })
  const distinct = [...new Set(rows)]
  if (distinct.length < 2)
    throw new ProvError('usage', `${names.join(' and ')} are the same run`, { hint: 'git prov runs lists them' })
  return distinct
}
