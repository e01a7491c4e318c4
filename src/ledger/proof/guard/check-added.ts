import { type Finding, finding } from '../../../base/finding.ts'
import type { CommitChanges } from '../../../git/objects/changes.ts'
import type { ObjectReader } from '../../../git/objects/objects.ts'
import type { Repository } from '../../../git/repository.ts'
import { git } from '../../../git/run.ts'
import { recordPath } from '../../../records/layout.ts'
import { maxRecordBytes, parseRecord, type StoredRecord } from '../../../records/record.ts'
import { listTreeFiles } from '../../read/read.ts'
import { checkFile, checkLinks, checkPlace, nothingSeen } from '../check-file.ts'

/** What no file of a kind that is not a record may exceed, in bytes. */
const maxFileBytes = 256 * 1024 * 1024

/** Proves every file that commits add. `records` are those that could be read, by the commit that adds them. */
export async function checkAdded(
  repository: Repository,
  objects: ObjectReader,
  tip: string,
  commits: readonly CommitChanges[],
): Promise<{ findings: Finding[]; records: Map<string, StoredRecord[]> }> {
  const added = new Map<string, { path: string; mode: string; oid: string; commit: string }>()
  for (const { commit, changes } of commits)
    for (const { path, mode, oid, status } of newIn(changes))
      if (status === 'A') added.set(`${path}\0${oid}`, { path, mode, oid, commit })
  const files = [...added.values()]
  const sizes = sizesOf(
    repository,
    files.map(({ oid }) => oid),
  )
  const findings: Finding[] = []
  const seen = nothingSeen()
  const counts = { records: 0, environments: 0, manifests: 0 }
  const records = new Map<string, StoredRecord[]>()
  for (const file of files) {
    const size = sizes.get(file.oid)
    if (size === undefined) findings.push(finding('not-a-file', file.path, 'is not a regular file'))
    else if (!checkPlace({ ...file, size }, seen, findings)) continue
    else if (size > maxFileBytes) findings.push(finding('too-big', file.path, `is ${size} bytes long`))
    else {
      const body = (await objects.read(file.oid))?.body
      const before = findings.length
      await checkFile({ ...file, size }, body, seen, counts, findings)
      // Who wrote what is no record is not asked: it is refused.
      const stored = body && findings.length === before ? readRecord(file.path, body) : undefined
      if (stored) records.set(file.commit, [...(records.get(file.commit) ?? []), stored])
    }
  }
  return { findings: [...findings, ...(await lostLinks(repository, tip, seen))], records }
}

/** What a merge adds is what none of its parents has. */
function newIn(changes: CommitChanges['changes']) {
  const [first = [], ...others] = changes
  return first.filter(({ path, oid }) =>
    others.every((list) => list.some((one) => one.path === path && one.oid === oid)),
  )
}

function readRecord(path: string, body: Buffer): StoredRecord | undefined {
  const id = path.match(/([0-9a-f]{64})\.json$/)?.[1]
  if (!path.startsWith('records/') || !id || body.length > maxRecordBytes) return undefined
  try {
    const stored = parseRecord(body, id)
    return recordPath(stored.record.kind, stored.record.time, id) === path ? stored : undefined
  } catch {
    return undefined
  }
}

/** Sizes of blobs; what is no blob is left out. */
function sizesOf(repository: Repository, oids: readonly string[]): Map<string, number> {
  if (oids.length === 0) return new Map()
  const text = git(repository, ['cat-file', '--batch-check'], `${oids.join('\n')}\n`).toString('latin1')
  return new Map(
    text.split('\n').flatMap((line) => {
      const [oid = '', type, size] = line.split(' ')
      return type === 'blob' ? [[oid, Number(size)] as const] : []
    }),
  )
}

/** The tree is listed only when something named did not come with the push. */
async function lostLinks(
  repository: Repository,
  tip: string,
  seen: ReturnType<typeof nothingSeen>,
): Promise<Finding[]> {
  if (checkLinks(seen).length === 0) return []
  for await (const { path } of listTreeFiles(repository, tip)) {
    seen.paths.add(path)
    const id = path.match(/^records\/.*\/([0-9a-f]{64})\.json$/)?.[1]
    if (id) seen.records.add(id)
  }
  return checkLinks(seen)
}
