import { ProvError } from '../../base/errors.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { classifyPath, recordPath } from '../../records/layout.ts'
import { type Published, parseRecord, type StoredRecord } from '../../records/record.ts'
import { validate } from '../../records/validate.ts'
import { makeBranchCommits } from '../append/branch-commit.ts'
import { branchFiles, isOurs, makeRoot } from '../append/init.ts'
import { readSettings } from '../local/settings.ts'
import { listFiles } from './read.ts'
import { readBlobs } from './read-blobs.ts'

export const publicRef = (profile: string) => `refs/heads/prov-public/${profile}`

/** The published records of a ref, in the order of their paths. Throws `record` for one that is not what it should be. */
export async function readPublished(
  repository: Repository,
  objects: ObjectReader,
  ref: string,
): Promise<StoredRecord<Published>[]> {
  const found: StoredRecord<Published>[] = []
  for await (const { path, body } of readBlobs(objects, listFiles(repository, ref, ['records/']))) {
    const file = classifyPath(path)
    if (file?.kind !== 'record' || !body)
      throw new ProvError('record', `${ref} holds a file that git-prov never publishes: ${path}`)
    const stored = parseRecord(body, file.id)
    const [problem] = await validate('published', 1, stored.record)
    const { record } = stored
    if (problem || record.kind !== 'published' || recordPath(record.kind, record.time, file.id) !== path)
      throw new ProvError('record', `${path} of ${ref} is not a published record: ${problem?.message ?? 'misplaced'}`)
    found.push(stored as StoredRecord<Published>)
  }
  return found
}

/** Adds records to a public branch, which has the root commit all our branches have. Returns its new tip. */
export async function addPublished(
  repository: Repository,
  objects: ObjectReader,
  profile: string,
  records: readonly StoredRecord<Published>[],
  { ident, onUnsigned }: { ident: string; onUnsigned: (reason: string) => void },
): Promise<string> {
  const ref = publicRef(profile)
  const tip = (await objects.read(ref))?.oid
  if (tip && !(await isOurs(repository, tip)))
    throw new ProvError('not-ours', `${ref} is a branch git-prov did not make`, {
      hint: 'choose another name for the profile',
    })
  const files = new Map(tip ? [] : branchFiles())
  for (const { id, text, record } of records) files.set(recordPath(record.kind, record.time, id), Buffer.from(text))
  const commit = {
    ident,
    message: `publish ${records.length}\n`,
    parents: [tip ?? (await makeRoot(repository))],
    files,
  }
  const [to] = await makeBranchCommits(repository, commit, [], {
    settings: readSettings(repository),
    ask: true,
    onUnsigned,
  })
  if (await moveRefs(repository, [{ ref, to, from: tip }])) return to as string
  throw new ProvError('contention', `${ref} moved meanwhile`, { hint: 'run it again' })
}
