import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { type FoldOptions, foldSpool } from '../ledger/append/fold.ts'
import { type Entry, writeSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { fitEntry } from './append-entries.ts'
import { holdToSchema } from './hold-to-schema.ts'

/** An entry that lies in the spool, where a crash cannot take it away. */
export interface KeptEntry {
  /** Folds it, unless somebody has; `repository` as git is to be started for it. Throws as a fold does. */
  fold(repository: Repository, options: Omit<FoldOptions, 'beside'>): Promise<void>
}

/**
 * Writes an entry that is folded later, whole and on the disk. Undefined when it is not as its schema wants it: then it was
 * set aside, which was said. Throws `io`.
 */
export async function keepEntry(context: Context, entry: Entry): Promise<KeptEntry | undefined> {
  const [held] = await holdToSchema(context, [await fitEntry(entry)])
  if (!held) return undefined
  const path = writeSpool(localDir(context.repository()), [held])
  return { fold: async (repository, options) => void (await foldSpool(repository, options, path)) }
}
