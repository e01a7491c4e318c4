import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { ProvRecord, StoredRecord } from '../records/record.ts'
import { appendEntries, type Written } from './append-entries.ts'
import { appendSignedEntries } from './append-signed-entries.ts'
import { makeRecord, openDoor, type Recording } from './door.ts'

export interface RecordOptions {
  /** Sign the commit whatever the settings say, or write nothing. */
  mustSign?: boolean
  /** Whether the user may be asked for a passphrase. */
  ask?: boolean
  /** ms to wait for other writers. */
  patience?: number
}

/**
 * Puts a record on the ledger: adds author and time, redacts, restricts, fits it to its schema, signs, appends, and reports to
 * the user. Throws `config`, `io`, `not-initialised`, with mustSign `signature` and `locked`, and `bug` for an invalid record,
 * which is kept in the clone.
 */
export async function record<R extends ProvRecord>(
  context: Context,
  objects: ObjectReader,
  recording: Recording<R>,
  options: RecordOptions = {},
): Promise<{ stored: StoredRecord<R>; where: Written['where'] }> {
  const { entries, where } = await recordAll(context, objects, [recording as unknown as Recording], options)
  return { stored: entries[0]?.record as StoredRecord<R>, where }
}

/** The record that `record` would write. */
export async function recordUnwritten<R extends ProvRecord>(
  context: Context,
  recording: Recording<R>,
): Promise<StoredRecord<R>> {
  return (await makeRecord(await openDoor(context), recording)).record as StoredRecord<R>
}

/** The same for several, in one commit of the branch. */
export async function recordAll(
  context: Context,
  objects: ObjectReader,
  recordings: readonly Recording[],
  { patience = 10_000, mustSign = false, ask = false }: RecordOptions = {},
): Promise<Written> {
  const door = await openDoor(context)
  const entries = await Promise.all(recordings.map((one) => makeRecord(door, one)))
  const options = { ident: door.ident, objects, deadline: Date.now() + patience, ask }
  const written = await (mustSign ? appendSignedEntries : appendEntries)(context, entries, options)
  if (written.entries.length === entries.length) return written
  throw new ProvError('bug', 'a record did not match its schema and was not written to the branch')
}
