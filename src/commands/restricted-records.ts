import type { Context } from '../context.ts'
import { ProvError } from '../core/errors.ts'
import { type Access, buildRecord, type Link, type Restricted, type StoredRecord } from '../core/record.ts'
import { latestOf } from '../core/restricted.ts'
import { parseIdent } from '../git/ident.ts'
import type { Repository } from '../git/repository.ts'
import { committerIdent } from '../ledger/committer.ts'
import { append } from '../ledger/fold.ts'
import { readRecords } from '../ledger/read.ts'
import type { Entry } from '../ledger/spool.ts'

/** Every restricted record of the ledger. */
export async function readRestricted(repository: Repository): Promise<StoredRecord<Restricted>[]> {
  const found: StoredRecord<Restricted>[] = []
  for await (const outcome of readRecords(repository, ['restricted']))
    if ('stored' in outcome && outcome.stored.record.kind === 'restricted')
      found.push(outcome.stored as StoredRecord<Restricted>)
  return found
}

/** The one a prefix names, as it is encrypted now. Throws `unknown-revision`, `ambiguous`. */
export function pickRestricted(all: readonly StoredRecord<Restricted>[], prefix: string): StoredRecord<Restricted> {
  const meant = /^[0-9a-f]{4,64}$/.test(prefix) ? all.filter(({ id }) => id.startsWith(prefix)) : []
  if (meant.length > 1)
    throw new ProvError('ambiguous', `${prefix} names ${meant.length} restricted records`, {
      hint: `type more of one: ${meant
        .slice(0, 10)
        .map(({ id }) => id.slice(0, 16))
        .join(' ')}`,
    })
  const [one] = meant
  const latest = one && latestOf(all, one.id)
  if (latest) return latest
  throw new ProvError('unknown-revision', `'${prefix}' is no restricted record here`, {
    hint:
      all.length > 0
        ? `there are: ${all
            .slice(0, 10)
            .map(({ id }) => id.slice(0, 12))
            .join(' ')}`
        : 'git prov restrict makes one',
  })
}

/** Says on the ledger that somebody read restricted fields; `beside` goes with it. */
export async function recordAccess(
  context: Context,
  of: readonly StoredRecord<Restricted>[],
  fields: Pick<Access, 'how' | 'to' | 'reason'> & { names: readonly string[] },
  beside: readonly Entry[] = [],
): Promise<void> {
  const repository = context.repository()
  const ident = committerIdent(repository)
  const { name, email } = parseIdent(ident)
  const { names, ...said } = fields
  const links = of.map(({ id }): Link => ({ rel: 'used', to: `record:${id}` }))
  const record = buildRecord<Access>(
    { kind: 'access', agent: { name, email }, ...said, fields: [...new Set(names)] as Access['fields'], links },
    context.now(),
  )
  await append(repository, [...beside, { record }], { ident, deadline: Date.now() + 30_000 })
}
