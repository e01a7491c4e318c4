import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { resolveCommit } from '../../git/history/resolve-commit.ts'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { findRecords } from '../../ledger/read/read.ts'
import { readDecisionFiles } from '../draft/decision-files.ts'
import { findDraft } from '../draft/find-draft.ts'

/** The subject of a review: its link, and its name for people. */
export interface ReviewTarget {
  to: string
  label: string
  decision?: { slug: string }
}

/** Resolves a word to a decision first, then a record, then a commit. Throws `unknown-revision` or `ambiguous`. */
export async function findTarget(context: Context, word: string): Promise<ReviewTarget> {
  const repository = context.repository()
  const drafts = await readDecisionFiles(repository, localDir(repository).cache)
  const named = drafts.some(({ slug, file }) => slug === word || file === word || file.endsWith(`/${word}`))
  if (named || !/^[0-9a-f]{4,64}$/.test(word)) {
    const commit = named ? undefined : commitTarget(repository, word)
    if (commit) return commit
    const draft = findDraft(drafts, word)
    return { to: `file:${draft.digest}`, label: draft.slug, decision: { slug: draft.slug } }
  }
  const found = (await recordTarget(repository, word)) ?? commitTarget(repository, word)
  if (found) return found
  throw new ProvError('unknown-revision', `'${word}' is not a decision, record or commit here`, {
    hint: 'git prov log',
  })
}

async function recordTarget(repository: Repository, word: string): Promise<ReviewTarget | undefined> {
  const paths = await findRecords(repository, word)
  const ids = paths.map((path) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length))
  if (ids.length > 1)
    throw new ProvError('ambiguous', `${word} names ${ids.length} records`, {
      hint: `type more digits: ${ids
        .map((id) => id.slice(0, 16))
        .slice(0, 10)
        .join(' ')}`,
    })
  return ids[0] ? { to: `record:${ids[0]}`, label: `record ${ids[0].slice(0, 6)}` } : undefined
}

function commitTarget(repository: Repository, word: string): ReviewTarget | undefined {
  const commit = resolveCommit(repository, word)
  return commit ? { to: `commit:${commit}`, label: `commit ${commit.slice(0, 7)}` } : undefined
}
