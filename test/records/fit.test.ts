import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/generated/limits.ts'
import { countCharacters, cutText } from '../../src/records/fit/cut-text.ts'
import { fitPart, fitRecord } from '../../src/records/fit/fit.ts'
import type { Limit } from '../../src/records/fit/limit.ts'
import { shorten } from '../../src/records/fit/shorten.ts'
import { mostCharacters, mostItems, mostMembers, surelyFits } from '../../src/records/fit/surely-fits.ts'
import { buildRecord, maxRecordBytes, type ProvRecord, type Remark, type Run } from '../../src/records/record.ts'
import { validate } from '../../src/records/validate.ts'
import { arbitraryOf, schemas } from '../support/arbitrary-record.ts'
import { capture } from '../support/records.ts'
import { aRun } from '../support/runs.ts'

/** The same schemas without what is asked of lengths: right but for being too long. */
const loose = new Ajv2020({ strict: false, validateFormats: false })
for (const schema of schemas.values())
  loose.addSchema(
    JSON.parse(JSON.stringify(schema), (key, value) =>
      ['maxLength', 'maxItems', 'maxProperties'].includes(key) && typeof value === 'number' ? undefined : value,
    ),
  )

const kinds = Object.keys(limits).filter((kind) => kind !== 'environment') as ProvRecord['kind'][]
const now = new Date('2026-11-28T10:00:00Z')
const build = (record: ProvRecord) => buildRecord<ProvRecord>(record, now)

describe('a record of any kind', () => {
  it.each(kinds)(
    '%s: what is too long is shortened to what the validator takes, and what is not stays as it is',
    async (kind) => {
      const file = `${kind}.v1.schema.json`
      const schema = schemas.get(file) as Record<string, unknown>
      const isRight = loose.getSchema(file)
      await fc.assert(
        fc.asyncProperty(arbitraryOf(schema, schema), async (value) => {
          const stored = build(JSON.parse(JSON.stringify(value)) as ProvRecord)
          fc.pre(isRight?.(stored.record) === true)
          const before = await validate(kind, 1, stored.record)
          const fit = fitRecord(stored)
          const whole = ['archive', 'patches', 'policy', 'published', 'redaction', 'restricted', 'rewrite'].includes(
            kind,
          )
          if (!whole) expect(await validate(kind, 1, fit.record)).toEqual([])
          if (before.length === 0) expect(fit).toBe(stored)
          else if (!whole) expect(fit.record.problems?.at(-1)?.reason).toMatch(/^shortened: /)
          expect(fitRecord(fit)).toBe(fit)
        }),
        { numRuns: 20 },
      )
    },
  )

  it('of more than 4 MB gives up half of the longest, again and again', async () => {
    const values = Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`p${at}`, 'v'.repeat(700)]))
    const stored = aRun({
      command: ['python', ...Array.from({ length: 50 }, () => 'x'.repeat(60_000))],
      parameters: { option: { values } },
    })
    expect(Buffer.byteLength(stored.text)).toBeGreaterThan(maxRecordBytes)
    const fit = fitRecord(stored)
    expect(Buffer.byteLength(fit.text)).toBeLessThanOrEqual(maxRecordBytes)
    expect(await validate('run', 1, fit.record)).toEqual([])
    const reason = expect.stringMatching(/^shortened: the record was \d+ bytes long$/)
    expect(fit.record.problems).toEqual([
      { where: 'parameters.option.values', reason },
      { where: 'command', reason },
    ])
    expect(fitRecord(fit)).toBe(fit)
  })

  it('says the place, and of very many places how many more', () => {
    const outputs = Array.from({ length: 30 }, (_, at) => ({
      path: `${at}${'x'.repeat(5000)}`,
      state: 'complete' as const,
      declared: 'option' as const,
    }))
    const { problems = [] } = fitRecord(aRun({ outputs, command: ['ls', ...Array.from({ length: 10_000 }, String)] }))
      .record as Run
    expect(problems).toHaveLength(21)
    expect(problems[0]).toEqual({ where: 'command', reason: 'shortened: 10000 of 10001 items kept' })
    expect(problems[20]).toEqual({ where: 'problems', reason: 'shortened: in 11 more places' })
  })

  it('whose problems are full keeps room for what is said of it', async () => {
    const problems = Array.from({ length: 1001 }, (_, at) => ({ where: String(at), reason: 'r' }))
    const fit = fitRecord(aRun({ problems }))
    expect(fit.record.problems).toHaveLength(1000)
    expect(fit.record.problems?.at(-1)?.reason).toBe('shortened: 1000 of 1001 items kept')
    expect(await validate('run', 1, fit.record)).toEqual([])
  })
})

describe('a text', () => {
  it('is cut between characters as JSON Schema counts them', () => {
    expect(cutText('a😀b', 2)).toBe('a😀')
    expect(countCharacters('a😀b')).toBe(3)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, most) => {
        const cut = cutText(text, most)
        expect([...cut].length).toBeLessThanOrEqual(Math.max(most, 0))
        expect(text.startsWith(cut)).toBe(true)
        expect(cutText(cut, most)).toBe(cut)
      }),
    )
  })

  it.each([
    [`made of ${'ab12'.repeat(16)} and more`, 30, 'made of '],
    ['by <secret:9f2c41d0> and more', 12, 'by '],
    ['by <restricted:0123456789ab>', 27, 'by '],
    [`${'f'.repeat(64)} alone`, 20, 'f'.repeat(20)],
    ['deadbeef and more words', 10, 'deadbeef a'],
  ])('has no half of a digest or of a pseudonym at its end: %s', (text, most, cut) => {
    expect(cutText(text, most)).toBe(cut)
  })
})

describe('what is short in all its parts', () => {
  /** The least of each sort in a table of limits. */
  function least(limit: Limit, path: string, found: [string, number, 'text' | 'many'][] = []) {
    if (typeof limit === 'number') found.push([path, limit, 'text'])
    else {
      if (limit.most !== undefined) found.push([path, limit.most, 'many'])
      if (limit.each !== undefined) least(limit.each, `${path}.*`, found)
      for (const [name, one] of Object.entries(limit.of ?? {})) least(one, `${path}.${name}`, found)
    }
    return found
  }

  it('is below every limit of a capture and of an environment', () => {
    for (const kind of ['capture', 'environment'])
      for (const [path, limit, sort] of least(limits[kind] as Limit, kind))
        expect([path, limit >= (sort === 'text' ? mostCharacters : mostItems)]).toEqual([path, true])
    // The lists among them hold fewer than the objects.
    expect(mostMembers).toBeLessThanOrEqual(1000)
    expect(surelyFits(capture().record)).toBe(true)
    expect(surelyFits({ a: ['x'.repeat(65)] })).toBe(false)
    expect(surelyFits({ a: Array.from({ length: 101 }, () => 1) })).toBe(false)
  })
})

it('what a collector found is shortened as the schema of environments says', () => {
  const python = { implementation: 'CPython', kind: 'venv', packages: { numpy: '1'.repeat(300) } }
  const { value, problems } = fitPart('software', 'python', python)
  expect(value.packages.numpy).toHaveLength(256)
  expect(problems).toEqual([
    { where: 'software.python.packages.numpy', reason: 'shortened: 256 of 300 characters kept' },
  ])
})

it('a member without a limit, and one that is too long but of a fixed form, stay as they are', () => {
  const limit: Limit = { of: { a: 3 } }
  const value = { b: 'long enough', a: 'abc' }
  expect(shorten(value, limit).value).toBe(value)
  const remark = buildRecord<Remark>({ kind: 'remark', agent: { name: 'M', email: 'm' }, text: 't', links: [] }, now)
  expect(fitRecord(remark)).toBe(remark)
})
