import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { diffTrees } from '../../git/objects/tree-diff.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../local/settings.ts'
import { readLetGo } from './removals.ts'

/**
 * Replaces a remote's provenance branch by this clone's, whose history a redaction rewrote: the one push of ours that is
 * forced, and only over the very tip that was looked at, when every file there is here or was let go by a record.
 * Returns false when the remote has it already. Throws `remote`, `contention`.
 */
export async function pushRewritten(repository: Repository, remote: string): Promise<boolean> {
  const { branchRef } = readSettings(repository)
  const there = remoteTip(repository, remote, branchRef)
  const objects = new ObjectReader(repository)
  try {
    const here = await objects.read(branchRef)
    if (there === here?.oid) return false
    if (there) await requireNothingLost(repository, objects, remote, there, branchRef)
  } finally {
    objects.close()
  }
  const lease = `--force-with-lease=${branchRef}:${there ?? ''}`
  const words = ['push', '--porcelain', '--no-verify', '--no-follow-tags', lease, '--end-of-options', remote]
  const result = tryGit(repository, [...words, `${branchRef}:${branchRef}`])
  if (result.status === 0) return true
  throw new ProvError('git', `${escapeLine(remote)} rejected the rewritten history`, {
    cause: `${result.stdout.toString('utf8')}${result.stderr}`.trim(),
    hint: 'its guard or its protection of branches must allow this one forced push',
  })
}

function remoteTip(repository: Repository, remote: string, ref: string): string | undefined {
  const result = tryGit(repository, ['ls-remote', '--end-of-options', remote, ref])
  if (result.status === 0) return result.stdout.toString('latin1').match(/^[0-9a-f]{40,64}/)?.[0]
  throw new ProvError('git', `${escapeLine(remote)} cannot be reached`, {
    cause: result.stderr.trim(),
    hint: 'git remote -v',
  })
}

async function requireNothingLost(
  repository: Repository,
  objects: ObjectReader,
  remote: string,
  there: string,
  branchRef: string,
): Promise<void> {
  const hint = 'git prov sync, then git prov redact --push again'
  if (!(await objects.read(there)))
    throw new ProvError('contention', `${escapeLine(remote)} has records that this clone does not have`, { hint })
  const letGo = await readLetGo(repository, branchRef)
  const lost = diffTrees(repository, there, branchRef).filter(({ path, after }) => !after && !letGo.has(path))
  if (lost.length > 0)
    throw new ProvError('contention', `${escapeLine(remote)} has ${lost.length} files that this clone does not have`, {
      hint,
    })
}
