import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { ProvRecord, StoredRecord } from '../records/record.ts'
import { type Door, makeRecord, type Recording } from './door.ts'
import { fitted } from './fitted.ts'
import { holdToSchema } from './hold-to-schema.ts'

/** Fits and validates a record for a commit made by the caller. Throws `bug` for an invalid one, which is kept aside. */
export async function holdRecord<R extends ProvRecord>(
  context: Context,
  stored: StoredRecord<R>,
): Promise<StoredRecord<R>> {
  const [held] = await holdToSchema(context, [{ record: await fitted(stored) }])
  if (held) return held.record as StoredRecord<R>
  throw new ProvError('bug', 'a record did not match its schema and was not written to the branch')
}

/** The same for a record yet to be made. */
export async function makeHeldRecord<R extends ProvRecord>(
  door: Door,
  recording: Recording<R>,
): Promise<StoredRecord<R>> {
  const { record } = await makeRecord(door, recording)
  return (await holdRecord(door.context, record)) as StoredRecord<R>
}
