import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { addPublished } from '../ledger/read/published.ts'
import type { Published, StoredRecord } from '../records/record.ts'
import { reportUnsigned } from './report.ts'

/** Adds records to the public branch of a profile. They were cleaned when the profile was applied (share/publish.ts). */
export async function publishRecords(
  context: Context,
  objects: ObjectReader,
  profile: string,
  records: readonly StoredRecord<Published>[],
): Promise<void> {
  const repository = context.repository()
  const reported = { ident: committerIdent(repository), onUnsigned: reportUnsigned(context) }
  await addPublished(repository, objects, profile, records, reported)
}
