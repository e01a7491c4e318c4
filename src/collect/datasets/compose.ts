import { digestOf } from '../../base/digest.ts'
import { pathText } from '../../base/path-text.ts'
import { formatBytes, plural } from '../../base/quantity.ts'
import type { Dataset } from '../../generated/types.ts'
import type { WorkTreeStatus } from '../../git/work-tree/status.ts'
import type { Fingerprint } from './fingerprint.ts'
import { Listing } from './listing.ts'
import type { Look } from './look.ts'
import type { WalkProblem } from './walk.ts'

export interface Content {
  source: Dataset['source']
  listings: readonly Listing[]
  problems: readonly WalkProblem[]
  extra?: Partial<Dataset>
}

const most = 100

/** A dataset of several files. */
export function compose(look: Look, { source, listings, problems, extra }: Content): Fingerprint {
  const { files, bytes, manifest } = Listing.join(listings)
  if (files === 0 && problems.length === 0 && look.matches) return gone(look, 'no file matches', 'none', extra)
  // Where nothing could be read there is nothing to name: the digest of no files would pass for one of data.
  if (files === 0 && problems.length > 0) {
    const { path } = look.declaration
    return { dataset: { path, state: 'incomplete', source, ...problemFields(look, problems), ...extra } }
  }
  const dataset: Dataset = {
    path: look.declaration.path,
    state: problems.length > 0 ? 'incomplete' : 'complete',
    source,
    digest: digestOf(manifest),
    manifest: true,
    files,
    bytes,
    ...problemFields(look, problems),
    ...extra,
  }
  return { dataset, manifest }
}

/** A dataset that is one file. */
export function composeFile(
  look: Look,
  source: Dataset['source'],
  { digest, size }: { digest: string; size: number },
  extra: Partial<Dataset> = {},
): Fingerprint {
  return {
    dataset: { path: look.declaration.path, state: 'complete', source, digest, files: 1, bytes: size, ...extra },
  }
}

/** A dataset that is one file, which cannot be read. */
export function unreadable(
  look: Look,
  source: Dataset['source'],
  reason: string,
  extra: Partial<Dataset> = {},
): Fingerprint {
  const problems = problemFields(look, [{ path: '', reason }])
  return { dataset: { path: look.declaration.path, state: 'incomplete', source, ...problems, ...extra } }
}

export function gone(
  look: Pick<Look, 'declaration'>,
  reason: string,
  source: Dataset['source'] = 'none',
  extra: Partial<Dataset> = {},
): Fingerprint {
  return { dataset: { path: look.declaration.path, state: 'missing', source, reason: reason.slice(0, 1000), ...extra } }
}

/** What is left to read when the time is over; undefined when it is not even known how much that is. */
export type Unread = { files: number; bytes: number } | undefined

export function pending(
  look: Look,
  source: Dataset['source'],
  unread: Unread,
  extra: Partial<Dataset> = {},
): Fingerprint {
  const reason = unread
    ? `${formatBytes(unread.bytes)} in ${plural(unread.files, 'file')} to read`
    : 'its files are not counted yet'
  return { dataset: { path: look.declaration.path, state: 'pending', source, reason, ...extra } }
}

function problemFields(look: Look, problems: readonly WalkProblem[]): Partial<Dataset> {
  const [first] = problems
  if (!first) return {}
  const rest = problems.length > 1 ? ` and ${problems.length - 1} more` : ''
  return {
    problems: problems
      .slice(0, most)
      .map(({ path, reason }) => ({ path: recordPath(look, path), reason: reason.slice(0, 256) })),
    problemCount: problems.length,
    reason: `${recordPath(look, first.path).slice(0, 700)}: ${first.reason.slice(0, 256)}${rest}`,
  }
}

/** The same fingerprint when git could not say whether it was all that was there. */
export function doubtful(look: Look, print: Fingerprint, failed: string): Fingerprint {
  if (print.dataset.state !== 'complete') return print
  const problems = problemFields(look, [{ path: '', reason: `uncommitted changes are not known: ${failed}` }])
  return { ...print, dataset: { ...print.dataset, state: 'incomplete', ...problems } }
}

/** A path below the base as a record has it: text, from the top of the work tree. */
function recordPath({ base }: Look, path: string): string {
  return pathText(path === '' || path === '.' ? base || '.' : base === '' ? path : `${base}/${path}`).slice(0, 4096)
}

/** Changes on disk beside what was committed. */
export function uncommittedOf(look: Look, status: WorkTreeStatus | undefined): Partial<Dataset> {
  const prefix = look.base === '' ? '' : `${look.base}/`
  const changes = (status?.changes ?? []).filter(
    ({ path }) =>
      path === look.base || (path.startsWith(prefix) && look.matches?.(path.slice(prefix.length)) !== false),
  )
  if (changes.length === 0) return {}
  return {
    uncommitted: {
      count: changes.length,
      paths: changes.slice(0, most).map(({ path, change }) => ({ path: pathText(path), change })),
    },
  }
}

/**
 * Files that changed after the commit: what they held at it is not known. A folder that changed while no file in it did
 * has lost one since, and is named itself, with a slash at its end.
 */
export function afterCommit(look: Look, changed: readonly string[]): Partial<Dataset> {
  const isFolder = (path: string) => path === '' || path.endsWith('/')
  const explained = new Set(
    changed.filter((path) => !isFolder(path)).map((path) => path.slice(0, path.lastIndexOf('/') + 1)),
  )
  const reported = changed.filter((path) => !isFolder(path) || !explained.has(path))
  if (reported.length === 0) return {}
  return {
    afterCommit: { count: reported.length, paths: reported.slice(0, most).map((path) => recordPath(look, path)) },
  }
}
