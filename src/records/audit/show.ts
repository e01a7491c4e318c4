import { escapeLine } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Audit } from '../../records/record.ts'
import type { KindShow } from '../kind-show.ts'

export const audit: KindShow<Audit> = { body: auditBody }

/** What a review of the ledger found, and what to do. */
export function auditBody({ tip, writers, readers, keys, ownerless, secrets }: Audit): string[] {
  return [
    `reviewed ${tip.slice(0, 12)}`,
    ...writers.map(({ email, records, last, named }) =>
      escapeLine(
        `wrote   ${email}  ${plural(records, 'record')}, last ${last.slice(0, 10)}${named ? '' : '  (in no role)'}`,
      ),
    ),
    ...readers.map(({ remote, url }) => escapeLine(`reads   ${remote}  ${url}`)),
    ...keys.map(({ principal, until, state }) =>
      escapeLine(`key     ${principal}  ${state === 'expired' ? 'ended' : 'ends'} ${until}`),
    ),
    ...(ownerless.count > 0
      ? [
          `owner   ${plural(ownerless.count, 'record')} of people the policy does not name: git prov show ${ownerless.records[0]?.slice(0, 12)}`,
        ]
      : []),
    ...secrets.map(({ record, where, rule }) =>
      escapeLine(`secret  ${where} (${rule}): git prov redact ${record.slice(0, 12)}`),
    ),
  ]
}
