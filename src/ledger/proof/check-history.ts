import type { Finding } from '../../base/finding.ts'
import type { Change, CommitChanges } from '../../git/objects/changes.ts'

/** What a change of the branch may do beside adding files. */
export interface HistoryRules {
  /** Name of the one commit that may have no parent. */
  root: string
  /** Whether README or a schema may become this blob. */
  isKnownText(path: string, oid: string): boolean
  /** Whether a path may go: an archive or redaction record on the branch names it. */
  mayGo(path: string): boolean
}

/**
 * Holds commits of the branch against the one rule of it: files are added and never changed. Every commit is compared
 * with every parent, since a change that is undone by the next commit does not show between the two ends.
 */
export function checkHistory(commits: readonly CommitChanges[], rules: HistoryRules): Finding[] {
  return commits.flatMap((one) => [
    ...rootFindings(one, rules),
    ...one.changes.flatMap((changes, parent) => changeFindings(one, changes, parent, rules)),
  ])
}

function rootFindings({ commit, parents }: CommitChanges, { root }: HistoryRules): Finding[] {
  if (parents.length > 0 || commit === root) return []
  return [
    {
      code: 'foreign-root',
      severity: 'error',
      where: commit.slice(0, 12),
      message: 'is a root commit that git-prov did not make',
      hint: 'its history was replaced; fetch it again from a clone you trust',
    },
  ]
}

function changeFindings(one: CommitChanges, changes: readonly Change[], parent: number, rules: HistoryRules) {
  return changes.flatMap((change): Finding[] => {
    if (change.status === 'A' || isAllowed(one, change, parent, rules)) return []
    const what = change.status === 'D' ? 'removed' : 'changed'
    return [
      {
        code: 'changed',
        severity: 'error',
        where: change.path,
        message: `was ${what} by commit ${one.commit.slice(0, 12)}`,
        hint: `git show ${one.commit.slice(0, 12)}`,
      },
    ]
  })
}

const isText = (path: string) => path === 'README.md' || path.startsWith('schemas/')

function isAllowed({ changes }: CommitChanges, change: Change, parent: number, rules: HistoryRules): boolean {
  if (change.status === 'D') return rules.mayGo(change.path)
  if (change.status !== 'M' || !isText(change.path)) return false
  // A merge that keeps what one of its parents has changes nothing of its own.
  const kept = changes.some((other, index) => index !== parent && other.every(({ path }) => path !== change.path))
  return kept || rules.isKnownText(change.path, change.oid)
}
