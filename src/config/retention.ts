import { ProvError } from '../base/errors.ts'
import type { PolicyHold, PolicyPart } from '../generated/types.ts'

/** The first hold that keeps a record from being archived or redacted. */
export function heldBy(
  holds: readonly PolicyHold[],
  { id, kind, time }: { id: string; kind: string; time: string },
): PolicyHold | undefined {
  const day = time.slice(0, 10)
  return holds.find(
    ({ kinds, since, until, records }) =>
      (!kinds || kinds.includes(kind)) &&
      (!since || day >= since) &&
      (!until || day <= until) &&
      (!records || records.some((prefix) => id.startsWith(prefix))),
  )
}

/** Whether an e-mail address is in a list of addresses and role names. */
export function isAmong(who: readonly string[], email: string, roles: PolicyPart['roles'] = {}): boolean {
  const same = (one: string) => one.toLowerCase() === email.toLowerCase()
  return who.some((one) => same(one) || (roles?.[one]?.people ?? []).some(same))
}

/** Throws `usage` when the policy names who may archive or redact, and this address is not among them. */
export function requireAllowed(policy: PolicyPart | undefined, what: 'archivers' | 'redactors', email: string): void {
  const who = policy?.retention?.[what]
  if (!who || isAmong(who, email, policy?.roles)) return
  throw new ProvError('usage', `${email} is not among policy.retention.${what} of prov.yaml`, {
    hint: `one of these may: ${who.join(', ')}`,
  })
}
