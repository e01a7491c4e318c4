import type { Context } from '../context.ts'
import { type Appended, append, type FoldOptions } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { fitted } from './fitted.ts'
import { reportKept, reportUnsigned } from './report.ts'

export type AppendOptions = Omit<FoldOptions, 'beside' | 'mustSign' | 'onUnsigned'> & {
  /** In a hook, which loads no validator; records are still shortened to fit. */
  inHook?: boolean
}

/** The result of an append: the entries as written, and where they went. */
export interface Written {
  entries: Entry[]
  /** aside: none of them is valid, which is a bug of ours; they are kept next to the ledger. */
  where: Appended | 'aside'
}

/**
 * The last step of every write to the ledger. Texts are already redacted: by `record`, or by the same redactor while runs and
 * captures were gathered. Throws when not even the spool can be written to.
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

/** Fits an entry's record, and the records that hold its restricted parts, to their schemas. */
export async function fitEntry(entry: Entry): Promise<Entry> {
  const record = await fitted(entry.record)
  return record === entry.record ? entry : { ...entry, record }
}
