import type { GuardPolicy } from '../../../config/guard-policy.ts'
import { holdsOneOf } from '../../../git/history/rewrite-history.ts'
import type { ObjectReader } from '../../../git/objects/objects.ts'
import { diffTrees } from '../../../git/objects/tree-diff.ts'
import type { Repository } from '../../../git/repository.ts'
import { git } from '../../../git/run.ts'
import { readLetGo } from '../../removal/removals.ts'
import { readRedactions } from '../../removal/rewriting.ts'

/** Why a history may not be replaced by another, or the commit up to which the other is only ours without what went. */
export type Replaced = { reason: string } | { upTo: string }

/**
 * A redaction rewrites history. That is allowed where the policy names who may write redaction records (whose records
 * are then checked like any others), the new tip lacks nothing that no record lets go, and the rewritten part brings no
 * content of its own.
 */
export async function checkRewriting(
  repository: Repository,
  objects: ObjectReader,
  from: string,
  to: string,
  { writers }: GuardPolicy,
): Promise<Replaced> {
  const never = 'its history would be replaced; nothing is ever force-pushed here'
  const before = new Set((await readRedactions(repository, objects, from)).map(({ id }) => id))
  const made = (await readRedactions(repository, objects, to)).filter(({ id }) => !before.has(id))
  const rewriting = made.find(({ record }) => record.rewriting && holdsOneOf(repository, to, [record.rewriting.to]))
    ?.record.rewriting
  if (!rewriting) return { reason: never }
  if (!writers.redaction?.length) return { reason: `${never}: policy.guard.writers names nobody for redaction` }
  const letGo = await readLetGo(repository, to)
  const lost = diffTrees(repository, from, to).find(({ path, after }) => !after && !letGo.has(path))
  if (lost) return { reason: `its history would be replaced by one without ${lost.path}, which no record allows` }
  if (holdsOneOf(repository, to, rewriting.introducedBy))
    return { reason: 'it still holds what its redaction took out' }
  return addsContent(repository, rewriting.to, from)
    ? { reason: 'its rewritten history holds more than was here; git prov sync before git prov redact' }
    : { upTo: rewriting.to }
}

function addsContent(repository: Repository, tip: string, known: string): boolean {
  const listed = git(repository, ['rev-list', '--objects', '--no-object-names', tip, '--not', known])
  const types = git(repository, ['cat-file', '--batch-check=%(objecttype)'], listed).toString('latin1')
  return types.split('\n').includes('blob')
}
