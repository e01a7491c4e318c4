import { ProvError } from '../base/errors.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { contentsNow } from '../lineage/trace/contents-now.ts'
import { rowsIn, traceJson } from '../lineage/trace/json.ts'
import { findStart } from '../lineage/trace/start.ts'
import { renderTrace } from '../lineage/trace/text.ts'
import { trace } from '../lineage/trace/trace.ts'
import { pathsIn, type Traced } from '../lineage/trace/walk.ts'
import { painter } from '../render/colour.ts'
import { isUnicodeLocale } from '../render/sparkline.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov trace <file|digest|run>`: upstream to its inputs, downstream to what was made from it. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word] = words
  if (word === undefined || words.length > 1)
    throw new ProvError('usage', 'trace takes one file, digest or run', { hint: 'git prov trace <file>' })
  const depth = readDepth(flags.depth)
  const directions = flags.up || flags.down ? (['up', 'down'] as const).filter((one) => flags[one]) : bothWays
  await withRuns(context, async ({ objects, index }) => {
    const traced = trace(index, await findStart(context, objects, index, word), directions, depth)
    await print(context, objects, index, traced, flags.json === true)
  })
  return 0
}

const bothWays = ['up', 'down'] as const
const deepest = 500

function readDepth(text: ParsedWords['flags'][string]): number {
  if (text === undefined) return 50
  if (typeof text === 'string' && /^\d{1,3}$/.test(text) && Number(text) <= deepest) return Number(text)
  throw new ProvError('usage', `--depth takes a number up to ${deepest}`, { hint: 'git prov trace --depth 3 <file>' })
}

async function print(
  context: Context,
  objects: ObjectReader,
  index: RunIndex,
  traced: Traced,
  json: boolean,
): Promise<void> {
  const trees = [traced.up, traced.down].flatMap((tree) => tree ?? [])
  const now = await contentsNow(context, objects, [...new Set(pathsIn(trees))])
  const output = openOutput(context, json ? false : undefined)
  if (json) await output.write(`${JSON.stringify(traceJson(index, traced, now), null, 2)}\n`)
  else {
    const ids = rowsIn(trees).map((row) => String(index.column({ root: 'id' })?.at(row)))
    const view = { index, now, shortIds: index.members.shorten(ids), unicode: isUnicodeLocale(context.env) }
    await output.write(`${renderTrace(traced, view, context.now(), painter(output.colour)).join('\n')}\n`)
  }
  await output.end()
}
