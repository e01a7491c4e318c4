import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { type FoldOptions, foldSpool } from '../ledger/append/fold.ts'
import { type Entry, writeSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { fitEntry } from './append-entries.ts'
import { holdToSchema } from './hold-to-schema.ts'

/** An entry in the spool, where it survives a crash. */
export interface KeptEntry {
  /** Folds it, unless that was already done; git runs in `repository`. Throws as a fold does. */
  fold(repository: Repository, options: Omit<FoldOptions, 'beside'>): Promise<void>
}

/**
 * Writes an entry to be folded later, synced to disk. Undefined when it is not valid: then it was set aside and reported.
 * Throws `io`.
 */
export async function keepEntry(context: Context, entry: Entry): Promise<KeptEntry | undefined> {
  const [held] = await holdToSchema(context, [await fitEntry(entry)])
  if (!held) return undefined
  const path = writeSpool(localDir(context.repository()), [held])
  return { fold: async (repository, options) => void (await foldSpool(repository, options, path)) }
}
