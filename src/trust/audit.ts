import type { PolicyPart } from '../generated/types.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import type { Audit, StoredRecord } from '../records/record.ts'

type Review = Pick<Audit, 'writers' | 'ownerless' | 'secrets' | 'records'>

const mostIds = 100
const mostSecrets = 1000
const envelope = new Set(['kind', 'version', 'time', 'agent', 'tool', 'about', 'links'])
/** Signatures look random and people are named in decisions on purpose: neither is a leak. */
const expected = new Set(['random-text', 'email', 'url-user', 'user-name', 'host-name'])

/** Reviews records one by one: who wrote them, which have no owner, and which secrets they contain. */
export class AuditReview {
  readonly #people: ReadonlySet<string>
  readonly #redactor: Redactor
  readonly #writers = new Map<string, Audit['writers'][number]>()
  readonly #ownerless: Audit['ownerless'] = { count: 0, records: [] }
  readonly #secrets: Audit['secrets'] = []
  #records = 0

  constructor(policy: PolicyPart | undefined, redactor: Redactor) {
    const people = Object.values(policy?.roles ?? {}).flatMap((role) => role.people ?? [])
    this.#people = new Set(people.map((email) => email.toLowerCase()))
    this.#redactor = redactor
  }

  add({ id, record }: StoredRecord): void {
    this.#records += 1
    const email = record.agent.email
    const named = this.#people.size === 0 ? email.includes('@') : this.#people.has(email.toLowerCase())
    const before = this.#writers.get(email)
    const last = before && before.last > record.time ? before.last : record.time
    this.#writers.set(email, { email, records: (before?.records ?? 0) + 1, last, named })
    if (!named || email.endsWith('@localhost')) this.#addOwnerless(id)
    this.#addSecrets(id, record)
  }

  result(): Review {
    const writers = [...this.#writers.values()].sort((a, b) => b.records - a.records || (a.email < b.email ? -1 : 1))
    return { records: this.#records, writers, ownerless: this.#ownerless, secrets: this.#secrets }
  }

  #addOwnerless(id: string): void {
    this.#ownerless.count += 1
    if (this.#ownerless.records.length < mostIds) this.#ownerless.records.push(id)
  }

  #addSecrets(id: string, record: StoredRecord['record']): void {
    const body = Object.fromEntries(Object.entries(record).filter(([key]) => !envelope.has(key)))
    for (const { where, rule } of redactDeep(this.#redactor, body, record.kind).found) {
      if (this.#secrets.length < mostSecrets && !expected.has(rule))
        this.#secrets.push({ record: id, where: where.slice(0, 1024), rule })
    }
  }
}

const soon = 60 * 86_400_000

/** Keys of an allowed-signers file (ssh-keygen(1)) that have expired or soon will (valid-before). */
export function keysDue(text: string, now: Date): Audit['keys'] {
  return text.split('\n').flatMap((line) => {
    const day = line.match(/valid-before="?(\d{4})(\d\d)(\d\d)/)
    const principal = line.trim().split(/\s+/)[0] ?? ''
    if (!day || principal.startsWith('#')) return []
    const until = `${day[1]}-${day[2]}-${day[3]}`
    const left = Date.parse(until) - now.getTime()
    if (!(left < soon)) return []
    return [{ principal: principal.slice(0, 1024), until, state: left < 0 ? ('expired' as const) : ('due' as const) }]
  })
}
