import { surelyFits } from '../records/fit/surely-fits.ts'
import type { ProvRecord, StoredRecord } from '../records/record.ts'

/**
 * A record with what is too long for its schema shortened, which its problems say; what fits is the very same. Of a
 * capture, which every commit waits for, the limits are loaded only when it holds something long.
 */
export async function fitted<R extends ProvRecord>(stored: StoredRecord<R>): Promise<StoredRecord<R>> {
  const short = stored.record.kind === 'capture' && stored.text.length < 1_000_000 && surelyFits(stored.record)
  return short ? stored : (await import('../records/fit/fit.ts')).fitRecord(stored)
}
