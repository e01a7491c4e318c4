import type { Redactor } from '../privacy/redact.ts'
import { redactCommand, redactDeep } from '../privacy/redact-values.ts'
import { ownMembers } from '../records/own-members.ts'
import type { Run } from '../records/record.ts'

/** Members that never hold private text: digests, object names, our own words. */
const asIs = new Set<string>([...ownMembers, 'imported'])

/** The one place where secrets and names are removed from a run's fields before a record is built. */
export function withoutSecrets<R extends Partial<Run>>(fields: R, redactor: Redactor): R {
  const clean = Object.entries(fields).map(([key, value]) => {
    if (asIs.has(key)) return [key, value]
    if (key === 'command') return [key, redactCommand(redactor, value as string[], 'command').value]
    return [key, withDigests(value, redactDeep(redactor, value, key).value)]
  })
  return Object.fromEntries(clean) as R
}

const digests = new Set(['digest', 'aliases', 'commit', 'tree', 'run'])

/** Restores digests, which look random but must stay. A redacted object has the same members in the same order. */
function withDigests(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return before.map((one, index) => withDigests(one, after[index]))
  if (!isObject(before) || !isObject(after)) return after
  const [names, clean] = [Object.keys(before), Object.entries(after)]
  if (names.length !== clean.length) return after
  const members = clean.map(([name, value], index) => {
    const original = before[names[index] as string]
    return [name, digests.has(name) && isDigest(original) ? original : withDigests(original, value)]
  })
  return Object.fromEntries(members)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isDigest = (value: unknown): boolean =>
  typeof value === 'string'
    ? /^[0-9a-f]{40,64}$/.test(value)
    : isObject(value) && Object.values(value).every((one) => /^[0-9a-f]{32}(\.dir)?$/.test(String(one)))
