import { pathText } from '../../base/path-text.ts'
import type { Dataset } from '../../generated/types.ts'
import type { WorkTreeStatus } from '../../git/work-tree/status.ts'
import { findAnnexContent } from './annex.ts'
import { BlobDigests, type Known } from './blob-digests.ts'
import type { CommitTree } from './commit-tree.ts'
import { readCommitted } from './committed.ts'
import type { Committed, Unkeyed } from './committed-files.ts'
import { afterCommit, compose, composeFile, gone, pending, uncommittedOf } from './compose.ts'
import { budgetOf, type Fingerprint, type FingerprintInput } from './fingerprint.ts'
import { digestScan, fromDisk, scanFor } from './from-disk.ts'
import { Listing } from './listing.ts'
import type { Look } from './look.ts'
import { type WalkProblem, walk } from './walk.ts'

type Status = Promise<WorkTreeStatus | undefined> | undefined

/** A dataset that the commit holds, in whole or in part; undefined when it holds nothing of it after all. */
export async function fromCommit(
  input: FingerprintInput,
  tree: CommitTree,
  look: Look,
  status: Status,
): Promise<Fingerprint | undefined> {
  const mode = look.entry?.mode
  if (mode === '160000') return await submodule(input, look)
  if (mode === '40000') return await folderOf(input, tree, look, status)
  if (mode !== '120000') return await fileOf(input, look, status)
  return await linkOf(input, tree, look, status)
}

/** What a submodule holds is its own repository's to say; here only its commit is known. */
async function submodule(input: FingerprintInput, look: Look): Promise<Fingerprint> {
  const what = `a git submodule at ${look.entry?.oid.slice(0, 12)}`
  if (look.onDisk === undefined) return gone(look, what)
  return await fromDisk(input, look, { problems: [{ path: '', reason: what }] })
}

/** A tracked link stands for what it leads to, as committed where that is in the commit too. */
async function linkOf(input: FingerprintInput, tree: CommitTree, look: Look, status: Status): Promise<Fingerprint> {
  const place = await tree.follow(look.base)
  if (place?.entry.mode === '40000' || place?.entry.mode.startsWith('100')) {
    const print = await fromCommit(input, tree, { ...look, base: place.path, entry: place.entry }, status)
    if (print) return print
  }
  return await fileOf(input, look, status)
}

async function fileOf(input: FingerprintInput, look: Look, status: Status): Promise<Fingerprint> {
  const { oid, mode } = look.entry as { oid: string; mode: string }
  const digests = new BlobDigests(input.cacheDir, input.repository)
  const unread = await digests.learn(
    [{ oid, isLink: mode === '120000', size: 0 }],
    budgetOf(input, look.declaration.name),
  )
  if (unread) return pending(look, 'git', unread)
  const known = digests.get(oid, mode === '120000')
  if (!known) return gone(look, notHere)
  const extra = uncommittedOf(look, await status)
  if ('digest' in known) return composeFile(look, 'git', known, extra)
  if ('link' in known) return await fromDisk(input, look)
  return await annexedFile(input, look, known, extra)
}

async function annexedFile(
  input: FingerprintInput,
  look: Look,
  known: Extract<Known, { key: string }>,
  extra: Partial<Dataset>,
): Promise<Fingerprint> {
  const { listing, problems, unread } = await readAnnexed(input, look, [{ ...known, path: '' }])
  const all = { ...extra, ...(known.md5 && { aliases: { md5: known.md5 } }) }
  if (unread) return pending(look, 'git', unread, all)
  const digest = listing?.entries[0]?.digest
  if (digest === undefined) return gone(look, problems[0]?.reason ?? notHere, 'git', all)
  return composeFile(look, 'git', { digest, size: listing?.bytes ?? 0 }, all)
}

const notHere = 'its blob is not in this clone'

async function folderOf(
  input: FingerprintInput,
  tree: CommitTree,
  look: Look,
  status: Status,
): Promise<Fingerprint | undefined> {
  const committed = await readCommitted({
    repository: input.repository,
    tree,
    oid: look.entry?.oid as string,
    top: look.base,
    matches: look.matches,
    cacheDir: input.cacheDir,
    key: look.key,
    budget: budgetOf(input, look.declaration.name),
  })
  if ('unread' in committed) return pending(look, 'git', committed.unread)
  if (isEmpty(committed)) return undefined
  const changes = await status
  const outside = [...ignoredBelow(look, changes), ...committed.elsewhere].sort()
  return await combine(input, look, committed, look.onDisk === undefined ? [] : outside, uncommittedOf(look, changes))
}

/** Nothing tracked belongs to the dataset, such as the matches of a pattern: then it is data on disk. */
const isEmpty = ({ listing, problems, unkeyed, elsewhere }: Committed) =>
  listing.files + problems.length + unkeyed.length + elsewhere.length === 0

function ignoredBelow(look: Look, status: WorkTreeStatus | undefined): string[] {
  const prefix = look.base === '' ? '' : `${look.base}/`
  return (status?.ignored ?? [])
    .filter((path) => path.startsWith(prefix) && path !== prefix)
    .map((path) => path.slice(prefix.length).replace(/\/$/, ''))
}

/** What is tracked, as committed; what is not, as it lies on disk; annexed content where it is. */
async function combine(
  input: FingerprintInput,
  look: Look,
  committed: Committed,
  outside: readonly string[],
  extra: Partial<Dataset>,
): Promise<Fingerprint> {
  const unseen =
    look.onDisk === undefined
      ? committed.elsewhere.map((path) => ({ path, reason: 'a link to something that is not in the commit' }))
      : []
  const problems = [...committed.problems, ...unseen]
  const annexed = await readAnnexed(input, look, committed.unkeyed)
  if (annexed.unread) return pending(look, 'git', annexed.unread, extra)
  const listings = [committed.listing, annexed.listing]
  problems.push(...annexed.problems)
  if (outside.length === 0) return compose(look, { source: 'git', listings, problems, extra })
  const scan = scanFor(input, look, 'stat', beside(look, committed))
  if (!walk(look.onDisk ?? '', outside, scan)) return pending(look, 'mixed', undefined, extra)
  const read = await digestScan(input, look, look.onDisk ?? '', scan)
  if ('unread' in read) return pending(look, 'mixed', read.unread, extra)
  return compose(look, {
    source: scan.files + scan.problems.length > 0 ? 'mixed' : 'git',
    listings: [...listings, read],
    problems: [...problems, ...scan.problems],
    extra: { ...extra, ...afterCommit(look, scan.changed) },
  })
}

/** What belongs to the dataset and is not there by its commit: a name can be ignored now that was tracked in it. */
function beside(look: Look, { listing, unkeyed }: Committed): (path: string) => boolean {
  const tracked = new Set([...listing.entries, ...unkeyed].map(({ path }) => path))
  return (path) => !tracked.has(path) && look.matches?.(path) !== false
}

interface Annexed {
  listing: Listing
  problems: WalkProblem[]
  unread?: { files: number; bytes: number }
}

/** Annexed files whose key has no SHA-256 are read where git-annex keeps their content. */
async function readAnnexed(input: FingerprintInput, look: Look, unkeyed: readonly Unkeyed[]): Promise<Annexed> {
  if (unkeyed.length === 0) return { listing: Listing.empty, problems: [] }
  const scan = scanFor(input, look, 'annex')
  for (const { path, key, size } of [...unkeyed].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const found = findAnnexContent(input.repository.commonDir, key, path)
    if (found && (size === undefined || BigInt(size) === found.stat.size)) scan.add(found)
    else scan.problem(path, `content not here, and its key has no SHA-256 (${pathText(key)}); git annex get`, true)
  }
  const read = await digestScan(input, look, '', scan, 'annex')
  if ('unread' in read) return { listing: Listing.empty, problems: scan.problems, unread: read.unread }
  return { listing: read, problems: scan.problems }
}
