import { ProvError } from '../../base/errors.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { classifyPath, recordPath } from '../../records/layout.ts'
import { parseRecord, type StoredRecord } from '../../records/record.ts'
import type { RunView } from '../../records/run.ts'
import { findRun } from '../index/find-run.ts'
import { readSettings } from '../local/settings.ts'
import { readRedactions } from '../removal/rewriting.ts'
import { readBranchFile } from './archives.ts'
import { findRecords, requireBranchIn } from './read.ts'
import { type Resolved, Resolver } from './resolve.ts'

/** What a word names: a record by its id, or a commit with the capture it has. */
export interface Named {
  stored: StoredRecord
  /** Set when the word named a commit. */
  resolved?: Resolved & { commit: string }
  /** Set when it named a run; `stored` is then the record of it that counts. */
  run?: RunView
}

/** Finds what a word names: a revision first, as people type them more, then a run, then any record. Throws `unknown-revision` or `ambiguous`. */
export async function findNamed(repository: Repository, objects: ObjectReader, word: string): Promise<Named> {
  await requireBranchIn(repository, objects)
  const commit = word === 'HEAD' ? await objects.read('HEAD') : resolveCommit(repository, objects, word)
  const object = await commit
  if (object) return await ofCommit(repository, objects, object.oid, word)
  const run = await findRun(repository, objects, word)
  if (run) return { stored: (run.finished ?? run.planned) as StoredRecord, run }
  const isId = /^[0-9a-f]{4,64}$/.test(word)
  const stored = isId
    ? ((await byId(repository, objects, word)) ?? (await tombstoneOf(repository, objects, word)))
    : undefined
  if (stored) return { stored }
  throw new ProvError('unknown-revision', `'${word}' is neither a commit, a run nor a record here`, {
    hint: 'git prov log',
  })
}

/** The redaction that took a record out. */
async function tombstoneOf(
  repository: Repository,
  objects: ObjectReader,
  prefix: string,
): Promise<StoredRecord | undefined> {
  const redactions = await readRedactions(repository, objects, readSettings(repository).branchRef)
  return redactions.find(({ record }) =>
    record.removes.some((path) => path.slice(path.lastIndexOf('/') + 1).startsWith(prefix)),
  )
}

async function resolveCommit(repository: Repository, objects: ObjectReader, word: string) {
  const result = tryGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`])
  return result.status === 0
    ? await objects.read(result.stdout.toString('utf8').trim().split('\n').at(-1) as string)
    : undefined
}

async function ofCommit(repository: Repository, objects: ObjectReader, commit: string, word: string): Promise<Named> {
  const settings = readSettings(repository)
  const resolver = new Resolver(repository, objects, settings)
  const tree = (await objects.read(`${commit}^{tree}`))?.oid ?? ''
  const resolved = await resolver.resolve(commit, tree, await resolver.readLines(commit))
  if (!resolved) {
    throw new ProvError('unknown-revision', `${word} (${commit.slice(0, 10)}) has no capture`, {
      hint: `git prov capture ${commit.slice(0, 10)}`,
    })
  }
  const { capture } = resolved
  const stored = await readStored(
    repository,
    objects,
    settings.branchRef,
    recordPath('capture', capture.time, capture.id),
    capture.id,
  )
  return { stored, resolved: { ...resolved, commit } }
}

async function byId(repository: Repository, objects: ObjectReader, prefix: string): Promise<StoredRecord | undefined> {
  const paths = await findRecords(repository, prefix)
  if (paths.length > 1) {
    const ids = paths.slice(0, 10).map((path) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length).slice(0, 16))
    throw new ProvError('ambiguous', `${prefix} names ${paths.length} records`, {
      hint: `type more digits: ${ids.join(' ')}`,
    })
  }
  const [path] = paths
  const file = path === undefined ? undefined : classifyPath(path)
  if (path === undefined || file?.kind !== 'record') return undefined
  return await readStored(repository, objects, readSettings(repository).branchRef, path, file.id)
}

async function readStored(
  repository: Repository,
  objects: ObjectReader,
  branchRef: string,
  path: string,
  id: string,
): Promise<StoredRecord> {
  const body = await readBranchFile(repository, objects, branchRef, path)
  if (!body)
    throw new ProvError('record', `record ${id.slice(0, 12)} is not on the branch`, { hint: 'git prov notes rebuild' })
  return parseRecord(body, id)
}
