import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { foldSpool } from '../ledger/append/fold.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { reportUnsigned } from './report.ts'

export interface FoldWaiting {
  /** Committer of the branch commit; who works here, when it is left out. */
  ident?: string
  /** ms to wait for others who write. */
  patience: number
}

/** Brings what waits in the spool onto the branch; where nothing waits it costs a look at a folder. False: the ledger is busy. */
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
