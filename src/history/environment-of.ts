import { isMissing } from '../base/missing.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import type { Environment } from '../records/environment.ts'
import type { Capture, ProvRecord } from '../records/record.ts'
import { showOf } from '../records/show.ts'

/** The environment of a record, for kinds that are shown with one. */
export async function environmentOf(
  record: ProvRecord,
  objects: ObjectReader,
  branchRef: string,
): Promise<Environment | undefined> {
  const named = showOf(record)?.withEnvironment && (record as Capture).environment
  return named && !isMissing(named) ? await readEnvironment(objects, branchRef, named.digest) : undefined
}
