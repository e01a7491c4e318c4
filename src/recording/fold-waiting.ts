import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { foldSpool } from '../ledger/append/fold.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { reportUnsigned } from './report.ts'

export interface FoldWaiting {
  /** Committer of the branch commit; by default the user of this clone. */
  ident?: string
  /** ms to wait for other writers. */
  patience: number
}

/** Moves what is in the spool to the branch; with an empty spool it only lists a folder. False: the ledger is busy. */
export async function foldWaiting(
  context: Context,
  objects: ObjectReader | undefined,
  { ident, patience }: FoldWaiting,
): Promise<boolean> {
  const repository = context.repository()
  if (listSpool(localDir(repository)).length === 0) return true
  return await foldSpool(repository, {
    ident: ident ?? committerIdent(repository),
    ...(objects && { objects }),
    deadline: Date.now() + patience,
    onUnsigned: reportUnsigned(context),
  })
}
