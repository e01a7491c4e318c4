import { short } from '../../base/digest.ts'
import { formatAgo } from '../../base/duration.ts'
import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { rowOf } from '../../ledger/index/find-run.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { contentsNow, pathFromTop } from './contents-now.ts'
import { lastKnown, startedOf, type TraceStart } from './walk.ts'

/**
 * Resolves a word to an existing file, else a run, else a digest, else a file that once existed. Throws
 * `unknown-revision`.
 */
export async function findStart(
  context: Context,
  objects: ObjectReader,
  index: RunIndex,
  word: string,
): Promise<TraceStart> {
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
  if (last)
    return { file: last, notice: `${last.path} is not here now; this is as ${describeUse(context, index, last)}` }
  throw new ProvError('unknown-revision', `'${word}' is not a file, digest or run known here`, {
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
      notice: `${path} is ${short(digest)} now, which no run made or used; this is as ${describeUse(context, index, last)}`,
    }
  throw new ProvError('unknown-revision', `no run made or used ${path} (${short(digest)})`, { hint: 'git prov runs' })
}

/** `run 7c1f9e made it 2 h ago (91c2aa)`. */
function describeUse(
  context: Context,
  index: RunIndex,
  file: { row: number; role: string; digest: string | undefined },
): string {
  const id = String(index.column({ root: 'id' })?.at(file.row) ?? '')
  const verb = file.role === 'output' ? 'made' : 'used'
  const ago = formatAgo(new Date(startedOf(index, file.row)), context.now())
  return `run ${short(id)} ${verb} it ${ago} (${short(file.digest ?? '')})`
}
