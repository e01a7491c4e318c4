import { surelyFits } from '../records/fit/surely-fits.ts'
import type { ProvRecord, StoredRecord } from '../records/record.ts'

/**
 * A record shortened to fit its schema, which its problems then say; one that fits is returned as is. Every commit waits for
 * a capture, so the limits are loaded only when something in it is long.
 */
export async function fitted<R extends ProvRecord>(stored: StoredRecord<R>): Promise<StoredRecord<R>> {
  const short = stored.record.kind === 'capture' && stored.text.length < 1_000_000 && surelyFits(stored.record)
  return short ? stored : (await import('../records/fit/fit.ts')).fitRecord(stored)
}
