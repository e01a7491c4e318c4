import { short } from '../base/digest.ts'
import { formatAgo } from '../base/duration.ts'
import { ProvError } from '../base/errors.ts'
import { withRuns } from '../catch-up/with-runs.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { rowOf } from '../ledger/index/find-run.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { contentsNow, pathFromTop } from '../lineage/trace/contents-now.ts'
import { rowsIn, traceJson } from '../lineage/trace/json.ts'
import { renderTrace } from '../lineage/trace/text.ts'
import { Lineage, lastKnown, pathsIn, startedOf, type Traced, type TraceStart } from '../lineage/trace/walk.ts'
import { painter } from '../render/colour.ts'
import { isUnicodeLocale } from '../render/sparkline.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov trace <file|digest|run>`: up to what it was made of, down to what was made of it. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word] = words
  if (word === undefined || words.length > 1)
    throw new ProvError('usage', 'trace takes one file, digest or run', { hint: 'git prov trace <file>' })
  const depth = readDepth(flags.depth)
  await withRuns(context, async ({ objects, index }) => {
    const traced = walk(index, await findStart(context, objects, index, word), flags, depth)
    await print(context, objects, index, traced, flags.json === true)
  })
  return 0
}

const deepest = 500

function readDepth(text: ParsedWords['flags'][string]): number {
  if (text === undefined) return 50
  if (typeof text === 'string' && /^\d{1,3}$/.test(text) && Number(text) <= deepest) return Number(text)
  throw new ProvError('usage', `--depth takes a number up to ${deepest}`, { hint: 'git prov trace --depth 3 <file>' })
}

function walk(index: RunIndex, start: TraceStart, flags: ParsedWords['flags'], depth: number): Traced {
  const both = !flags.up && !flags.down
  const go = (direction: 'up' | 'down') => {
    const lineage = new Lineage(index)
    if (start.row !== undefined) return lineage.ofRun(start.row, { direction, depth })
    return lineage.ofContent(start.file as NonNullable<TraceStart['file']>, { direction, depth })
  }
  return {
    start,
    ...((both || flags.up) && { up: go('up') }),
    ...((both || flags.down) && { down: go('down') }),
  }
}

/** A file that is there, else a run, else a digest, else a file that was. Throws `unknown-revision`. */
async function findStart(context: Context, objects: ObjectReader, index: RunIndex, word: string): Promise<TraceStart> {
  const path = pathFromTop(context, word)
  const now = path === undefined ? undefined : (await contentsNow(context, objects, [path])).get(path)
  if (path !== undefined && now !== undefined && now !== 'gone') return ofFile(context, index, path, now)
  const row = rowOf(index, word)
  if (row !== undefined) return { row }
  const contents = /^[0-9a-f]{6,64}$/.test(word) ? index.files.contentsLike(word) : []
  if (contents.length > 1)
    throw new ProvError('ambiguous', `'${word}' names ${contents.length} contents`, { hint: 'type more digits' })
  const [file] = contents.flatMap((content) => index.files.ofContent(content))
  if (file) return { file }
  const last = path === undefined ? undefined : lastKnown(index, path)
  if (last) return { file: last, notice: `${last.path} is not here now; this is as ${told(context, index, last)}` }
  throw new ProvError('unknown-revision', `'${word}' is no file, digest or run that is known here`, {
    hint: 'git prov runs',
  })
}

function ofFile(context: Context, index: RunIndex, path: string, digest: string): TraceStart {
  const [content] = index.files.contentsLike(digest)
  if (content !== undefined) return { file: { path, digest, content } }
  const last = lastKnown(index, path)
  if (last)
    return {
      file: last,
      notice: `${path} is ${short(digest)} now, which no run made or used; this is as ${told(context, index, last)}`,
    }
  throw new ProvError('unknown-revision', `no run made or used ${path} (${short(digest)})`, { hint: 'git prov runs' })
}

/** `run 7c1f9e made it 2 h ago (91c2aa)`. */
function told(
  context: Context,
  index: RunIndex,
  file: { row: number; role: string; digest: string | undefined },
): string {
  const id = String(index.column({ root: 'id' })?.at(file.row) ?? '')
  const verb = file.role === 'output' ? 'made' : 'used'
  const ago = formatAgo(new Date(startedOf(index, file.row)), context.now())
  return `run ${short(id)} ${verb} it ${ago} (${short(file.digest ?? '')})`
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
