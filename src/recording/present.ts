import { unsignedWarning } from '../capture/record-captures.ts'
import type { Context } from '../context.ts'
import { parseIdent } from '../git/ident.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { append } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import type { Decision } from '../records/record.ts'

/** Who acts here, now, and at which commit: what every record a person makes begins with. */
export interface Present {
  ident: string
  agent: { name: string; email: string }
  /** Undefined before the first commit. */
  about: Decision['about'] | undefined
}

export async function presentOf(context: Context, objects: ObjectReader): Promise<Present> {
  const repository = context.repository()
  const ident = committerIdent(repository)
  const { name, email } = parseIdent(ident)
  const head = await objects.read('HEAD')
  const branch = currentBranch(repository)
  const commit = head?.type === 'commit' ? parseCommit(head) : undefined
  const about = commit && {
    commit: commit.oid,
    tree: commit.tree,
    parents: commit.parents,
    ...(branch && { branch }),
  }
  return { ident, agent: { name, email }, about }
}

/** Appends records a person made, in one commit on the branch. */
export async function appendNow(
  context: Context,
  objects: ObjectReader,
  { ident }: Pick<Present, 'ident'>,
  entries: readonly Entry[],
): Promise<void> {
  const deadline = Date.now() + 10_000
  const where = await append(context.repository(), entries, {
    ident,
    objects,
    deadline,
    onUnsigned: unsignedWarning(context),
  })
  if (where === 'spooled')
    context.stderr.write('prov: the ledger is busy; this is kept and folded by the next command\n')
}
