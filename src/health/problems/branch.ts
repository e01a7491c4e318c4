import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { remoteBranches } from '../../ledger/read/sources.ts'
import type { Problem } from '../problem.ts'

/** The branch is missing, or exists only on a remote. */
export function branchProblems(repository: Repository): Problem[] {
  const { branchRef } = readSettings(repository)
  if (tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).status === 0) return []
  const remotes = [...remoteBranches(repository).keys()].map((ref) => ref.slice('refs/remotes/'.length))
  const [code, message, hint] =
    remotes.length > 0
      ? ['not-connected', `is on ${remotes.join(', ')} but not here`, 'git prov init']
      : ['not-initialised', 'does not exist', narrowClone(repository) ?? 'git prov init']
  return [{ code, severity: 'error', where: branchRef, message, hint }]
}

/** A single-branch or shallow clone does not fetch the branch. */
function narrowClone(repository: Repository): string | undefined {
  const specs = tryGit(repository, ['config', '--get-all', 'remote.origin.fetch']).stdout.toString('utf8')
  if (specs === '' || specs.includes('refs/heads/*')) return undefined
  return 'this clone fetches one branch only; git prov init connects it'
}
