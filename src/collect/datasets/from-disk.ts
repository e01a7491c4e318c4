import { lstatSync, statSync } from 'node:fs'
import { fsPath } from '../../base/path-text.ts'
import type { Dataset } from '../../generated/types.ts'
import { isOver } from './budget.ts'
import { afterCommit, compose, composeFile, gone, pending, unreadable } from './compose.ts'
import { digestFiles } from './disk.ts'
import { budgetOf, type Fingerprint, type FingerprintInput } from './fingerprint.ts'
import type { Listing } from './listing.ts'
import type { Look } from './look.ts'
import { Scan } from './scan.ts'
import { reasonOf, type WalkProblem, walk } from './walk.ts'

/** What the record says beside the content, and problems known before looking. */
export interface Extras {
  extra?: Partial<Dataset>
  problems?: readonly WalkProblem[]
  source?: Dataset['source']
}

/** A dataset as it lies on disk. */
export async function fromDisk(input: FingerprintInput, look: Look, extras: Extras = {}): Promise<Fingerprint> {
  const { extra = {}, source = 'disk' } = extras
  const { onDisk } = look
  if (onDisk === undefined) {
    const late = 'captured late: it is not tracked, so what it held is not known any more'
    return gone(look, input.late ? late : 'a bare repository has no files on disk', 'none', extra)
  }
  try {
    const stat = statSync(fsPath(onDisk))
    if (stat.isDirectory()) return await folderFromDisk(input, look, onDisk, extras)
    if (stat.isFile()) return await fileFromDisk(input, look, onDisk, extras)
    return unreadable(look, source, 'not a regular file', extra)
  } catch (error) {
    const nothing = isNothing(error)
    if (nothing && !isLink(onDisk)) return gone(look, 'there is nothing at its path', 'none', extra)
    return unreadable(look, source, nothing ? 'a link to nothing' : reasonOf(error), extra)
  }
}

const isNothing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

function isLink(path: string): boolean {
  return lstatSync(fsPath(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

async function folderFromDisk(input: FingerprintInput, look: Look, path: string, extras: Extras): Promise<Fingerprint> {
  const { extra = {}, source = 'disk', problems = [] } = extras
  const scan = scanFor(input, look, 'stat')
  if (!walk(path, [''], scan)) return pending(look, source, undefined, extra)
  const read = await digestScan(input, look, path, scan)
  if ('unread' in read) return pending(look, source, read.unread, extra)
  const after = afterCommit(look, scan.changed)
  return compose(look, {
    source,
    listings: [read],
    problems: [...problems, ...scan.problems],
    extra: { ...extra, ...after },
  })
}

async function fileFromDisk(input: FingerprintInput, look: Look, path: string, extras: Extras): Promise<Fingerprint> {
  const { extra = {}, source = 'disk' } = extras
  const slash = path.lastIndexOf('/')
  const scan = scanFor(input, look, 'stat')
  walk(path.slice(0, slash), [path.slice(slash + 1)], scan)
  const read = await digestScan(input, look, path.slice(0, slash), scan)
  if ('unread' in read) return pending(look, source, read.unread, extra)
  const digest = read.entries[0]?.digest
  if (digest === undefined) return unreadable(look, source, scan.problems[0]?.reason ?? 'cannot be read', extra)
  const after = afterCommit(look, scan.changed.length > 0 ? [''] : [])
  return composeFile(look, source, { digest, size: read.bytes }, { ...extra, ...after })
}

/** A scan with a stat cache of its own for each kind a dataset needs. */
export function scanFor(input: FingerprintInput, look: Look, kind: 'stat' | 'annex', matches = look.matches): Scan {
  const budget = budgetOf(input, look.declaration.name)
  return new Scan({
    cacheFile: cacheFile(input, look, kind),
    matches,
    committedAt: kind === 'annex' ? undefined : input.committedAt,
    keepOn: () => !isOver(budget),
  })
}

export function digestScan(
  input: FingerprintInput,
  look: Look,
  folder: string,
  scan: Scan,
  kind: 'stat' | 'annex' = 'stat',
): Promise<Listing | { unread: { files: number; bytes: number } }> {
  return digestFiles(scan, folder, cacheFile(input, look, kind), budgetOf(input, look.declaration.name))
}

const cacheFile = ({ cacheDir }: FingerprintInput, { key }: Look, kind: string) => `${cacheDir}/${kind}/${key}`
