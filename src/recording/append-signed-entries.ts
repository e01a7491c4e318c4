import type { Context } from '../context.ts'
import { appendSigned } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { type AppendOptions, fitEntry, type Written } from './append-entries.ts'
import { holdToSchema } from './hold-to-schema.ts'

/** Appends entries in a signed commit, or not at all. Throws `signature` and `locked`. */
export async function appendSignedEntries(
  context: Context,
  entries: readonly Entry[],
  options: Omit<AppendOptions, 'inHook'>,
): Promise<Written> {
  const held = await holdToSchema(context, await Promise.all(entries.map(fitEntry)))
  if (held.length > 0) await appendSigned(context.repository(), held, options)
  return { entries: held, where: held.length > 0 ? 'folded' : 'aside' }
}
