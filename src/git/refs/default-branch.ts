import type { Repository } from '../repository.ts'
import { tryGit } from '../run.ts'

/**
 * Short name of the default branch: `prov.defaultBranch`, else the remote's (refs/remotes/<r>/HEAD), else whichever of
 * main, master and trunk exists; undefined when that is ambiguous.
 */
export function defaultBranch(repository: Repository): string | undefined {
  const configured = read(repository, ['config', 'prov.defaultBranch'])
  if (configured) return configured
  const remote = read(repository, ['for-each-ref', '--format=%(symref)', 'refs/remotes/*/HEAD']).split('\n')[0]
  if (remote) return remote.replace(/^refs\/remotes\/[^/]+\//, '')
  const usual = ['main', 'master', 'trunk'].map((name) => `refs/heads/${name}`)
  const there = read(repository, ['for-each-ref', '--format=%(refname:short)', ...usual])
    .split('\n')
    .filter(Boolean)
  return there.length === 1 ? there[0] : undefined
}

function read(repository: Repository, args: readonly string[]): string {
  return tryGit(repository, args).stdout.toString('utf8').trim()
}
