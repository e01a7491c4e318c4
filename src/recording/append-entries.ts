import type { Context } from '../context.ts'
import { type Appended, append, type FoldOptions } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { fitted } from './fitted.ts'
import { reportKept, reportUnsigned } from './report.ts'

export type AppendOptions = Omit<FoldOptions, 'beside' | 'mustSign' | 'onUnsigned'> & {
  /** In a hook, which loads no validator: what is too long is shortened all the same. */
  inHook?: boolean
}

/** What became of entries: those written, as they were written, and where. */
export interface Written {
  entries: Entry[]
  /** aside: none of them is as its schema wants it, which is our fault; they are kept beside the ledger. */
  where: Appended | 'aside'
}

/**
 * The end of every way into the ledger. The texts of an entry are clean by now (`record` does that; what runs and captures
 * gather goes through the same redactor as it is gathered). Throws when not even the spool could be written to.
 */
export async function appendEntries(
  context: Context,
  entries: readonly Entry[],
  { inHook = false, ...options }: AppendOptions,
): Promise<Written> {
  const fit = await Promise.all(entries.map(fitEntry))
  const held = inHook ? fit : await (await import('./hold-to-schema.ts')).holdToSchema(context, fit)
  if (held.length === 0) return { entries: held, where: 'aside' }
  const reported = { ...options, onUnsigned: reportUnsigned(context) }
  const where = await append(context.repository(), held, reported, (error) => reportKept(context, error))
  return { entries: held, where }
}

/** An entry's record, and those that hold what was taken out of it, as their schemas take them. */
export async function fitEntry(entry: Entry): Promise<Entry> {
  const record = await fitted(entry.record)
  return record === entry.record ? entry : { ...entry, record }
}
