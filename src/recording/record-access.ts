import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Access, Link, Restricted, StoredRecord } from '../records/record.ts'
import type { Recording } from './door.ts'
import { recordAll } from './record.ts'

/** Records that somebody read restricted fields; records in `made` are written before it, in the same commit. */
export async function recordAccess(
  context: Context,
  of: readonly StoredRecord<Restricted>[],
  { names, ...said }: Pick<Access, 'how' | 'to' | 'reason'> & { names: readonly string[] },
  made: readonly Recording<Restricted>[] = [],
): Promise<void> {
  const access: Recording<Access> = {
    kind: 'access',
    fields: { ...said, fields: [...new Set(names)] as Access['fields'] },
    links: of.map(({ id }): Link => ({ rel: 'used', to: `record:${id}` })),
  }
  const objects = new ObjectReader(context.repository())
  const recordings = [...made, access] as unknown as readonly Recording[]
  await recordAll(context, objects, recordings, { patience: 30_000 }).finally(() => objects.close())
}
