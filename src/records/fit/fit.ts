import { limits } from '../../generated/limits.ts'
import type { Problem } from '../../generated/types.ts'
import { buildRecord, maxRecordBytes, type ProvRecord, type StoredRecord } from '../../records/record.ts'
import { halveUntil } from './halve.ts'
import type { Limit } from './limit.ts'
import { type Shortened, shorten } from './shorten.ts'

/** Lists that are only valid when complete: other files, or a proof, depend on every member. */
const whole: Partial<Record<ProvRecord['kind'], readonly string[]>> = {
  archive: ['removes'],
  patches: ['patches', 'ranges'],
  policy: ['content'],
  published: ['content', 'fields', 'pseudonymised', 'recipients'],
  redaction: ['files', 'removes', 'rewriting'],
  restricted: ['fields', 'recipients', 'to'],
  rewrite: ['rewritten'],
}

const mostWords = 20

/** Fits a record to its schema: what is too long or too many is shortened, and its problems say so. */
export function fitRecord<R extends ProvRecord>(stored: StoredRecord<R>): StoredRecord<R> {
  const limit = limitOf(stored.record.kind)
  if (limit === undefined) return stored
  const { value, problems } = shorten(stored.record, limit)
  const cut =
    bytesOf(value) > maxRecordBytes
      ? halveUntil(value, limit, maxRecordBytes - roomForWords, bytesOf)
      : { value, problems: [] }
  const words = [...problems, ...cut.problems].map((problem) => shorten(problem, wordLimit).value)
  return words.length === 0 ? stored : rebuild(withWords(cut.value, words))
}

/** `where` may hold names of any length. */
const wordLimit: Limit = { of: { where: 200, reason: 200 } }
const roomForWords = 65_536

/** Fits what a collector found to the schema of environments. */
export function fitPart<T extends object>(half: 'host' | 'software', name: string, found: T): Shortened<T> {
  const limit = [half, name].reduce<Limit | undefined>(
    (at, member) => (typeof at === 'object' ? at.of?.[member] : undefined),
    limits.environment,
  )
  const { value, problems } = shorten(found, limit, `${half}.${name}`)
  return { value, problems: problems.slice(0, mostWords).map((problem) => shorten(problem, wordLimit).value) }
}

function limitOf(kind: ProvRecord['kind']): Limit | undefined {
  const limit = limits[kind]
  if (typeof limit !== 'object' || !whole[kind]) return limit
  const of = Object.entries(limit.of ?? {}).filter(([name]) => !whole[kind]?.includes(name))
  return { ...limit, of: Object.fromEntries(of) }
}

/** Earlier problems stay first, as many as fit. */
function withWords<R extends ProvRecord>(record: R, words: readonly Problem[]): R {
  const more = words.length - mostWords
  const said = words.slice(0, mostWords)
  if (more > 0) said.push({ where: 'problems', reason: `shortened: in ${more} more places` })
  return { ...record, problems: [...(record.problems ?? []).slice(0, 1000 - said.length), ...said] }
}

function rebuild<R extends ProvRecord>(record: R): StoredRecord<R> {
  const { version: _, time, tool: __, ...fields } = record
  return buildRecord<R>(fields as unknown as Parameters<typeof buildRecord<R>>[0], new Date(time))
}

const bytesOf = (record: object) => Buffer.byteLength(JSON.stringify(record, null, 2))
