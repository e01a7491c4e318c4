import { changedIn } from '../../git/history/changed-paths.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { readBranchFile } from '../../ledger/read/archives.ts'
import { recordPath } from '../../records/layout.ts'
import { parseRecord } from '../../records/record.ts'
import { readDecisionFiles } from '../draft/decision-files.ts'
import { type BriefView, foldBrief } from '../model/brief.ts'
import type { BriefedCommit } from './commits.ts'

/**
 * What briefs say about commits, newest first, and the decisions that the commits brought. `word` is how they were
 * named.
 */
export async function readBrief(
  repository: Repository,
  objects: ObjectReader,
  word: string,
  commits: readonly BriefedCommit[],
): Promise<BriefView> {
  const { branchRef } = readSettings(repository)
  const lines = commits.flatMap((commit) => commit.lines.filter(({ kind }) => kind === 'brief'))
  const paths = lines.map(({ time, id }) => recordPath('brief', time, id))
  const bodies = await Promise.all(paths.map((path) => readBranchFile(repository, objects, branchRef, path)))
  const briefs = lines.flatMap(({ id }, n) => {
    const body = bodies[n]
    const record = body && parseRecord(body, id).record
    return record?.kind === 'brief' ? [{ id, record }] : []
  })
  const changed = new Set(changedIn(repository, word.includes('..') ? word : (commits[0] as BriefedCommit).oid))
  const drafts = await readDecisionFiles(repository, localDir(repository).cache)
  const decisions = drafts.flatMap(({ file, slug, decision }) =>
    decision && changed.has(file) ? [{ slug, decision }] : [],
  )
  return foldBrief(
    commits.map(({ oid, subject }) => ({ oid, subject })),
    briefs,
    decisions,
  )
}
