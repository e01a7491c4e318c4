import { describe, expect, it } from 'vitest'
import { decryptInto, namedIn } from '../../src/privacy/restrict/decrypt.ts'
import { encryptRestricted } from '../../src/privacy/restrict/encrypt.ts'
import { placeholderOf } from '../../src/privacy/restrict/encrypter.ts'
import { fieldReaders, type Restriction } from '../../src/privacy/restrict/restriction.ts'
import { buildRecord, type Capture, type Remark, type Run } from '../../src/records/record.ts'
import { commitmentOf, envelopeProblem, isCommitted, openField } from '../../src/records/restricted.ts'
import { shellOf } from '../../src/records/shells.ts'
import { validate } from '../../src/records/validate.ts'
import { capture } from '../support/records.ts'
import { aRun } from '../support/runs.ts'

const to = ['data-engineer']
const restriction = (extra: Partial<Restriction> = {}): Restriction => ({
  fields: {},
  kinds: {},
  recipients: { 'data-engineer': ['age1x'] },
  datasets: new Map([['patients', 'data/patients']]),
  key: Buffer.alloc(32, 7),
  ...extra,
})

const file = {
  path: 'data/patients',
  dataset: 'patients',
  declared: 'option',
  state: 'complete',
  digest: 'd'.repeat(64),
}
const told: Partial<Run> = {
  command: ['python', 'train.py', '--customer', 'Acme Corp', '--ward=7', '--lr', '0.1', 'data/patients'],
  intent: 'Better for Acme Corp than Acme Corporation',
  parameters: {
    'params.yaml': { values: { customer: 'Globex', lr: 0.1 } },
    command: { values: { customer: 'Acme Corp', ward: 7, lr: 0.1 } },
  },
  seeds: { seed: 3 },
  tags: { ward: 'W3', kind: 'x' },
  inputs: [file as Run['inputs'][number], { path: 'a.csv', declared: 'option', state: 'missing', reason: 'Acme Corp' }],
  expectations: [{ expression: 'params.ward > 5', answer: 'met', reason: 'params.ward 7' }],
}

/** Hidden, with what opens it again. */
function hide(record: Parameters<typeof encryptRestricted>[0], extra: Partial<Restriction>, series?: string) {
  const hidden = encryptRestricted(record, restriction(extra), series, shellOf)
  const open = hidden.parts.flatMap((part) => part.open)
  return { ...hidden, open, byDigits: new Map(open.map((field) => [commitmentOf(field).slice(0, 12), field])) }
}

describe('single members', () => {
  const fields = { 'params.customer': to, 'params.ward': to, 'tags.*': to, 'data.patients': to }
  const { record, open, byDigits, kept } = hide(aRun(told).record, { fields })
  const text = JSON.stringify(record)

  it('are gone from every text of the record, and nothing else is', async () => {
    for (const secret of ['Acme Corp"', 'Acme Corp than', 'Globex', '"W3"', 'd'.repeat(64), 'params.ward 7'])
      expect(text).not.toContain(secret)
    const run = record as Run
    expect(run.command.slice(0, 3)).toEqual(['python', 'train.py', '--customer'])
    expect(run.command[4]).toMatch(/^--ward=<restricted:[0-9a-f]{12}>$/)
    expect(run.command.slice(5, 7)).toEqual(['--lr', '0.1'])
    expect(run.intent).toMatch(/^Better for <restricted:[0-9a-f]{12}> than Acme Corporation$/)
    expect(run.inputs[0]).toEqual({
      path: expect.stringMatching(/^<restricted:/),
      dataset: 'patients',
      declared: 'option',
      state: 'missing',
      reason: 'restricted',
    })
    expect([...kept]).toEqual(['d'.repeat(64)])
    expect(await validate('run', 1, record)).toEqual([])
  })

  it('stand by the name that counts first, and are put back as they were', () => {
    const named = Object.fromEntries(open.map(({ field, value }) => [field, value]))
    expect(named).toMatchObject({
      'params.customer': 'Acme Corp',
      'params.customer-2': 'Globex',
      'params.ward': '7',
      'tags.ward': 'W3',
      'tags.kind': 'x',
    })
    const back = decryptInto(record, byDigits) as Run
    expect([back.command, back.intent, back.inputs, back.tags]).toEqual([
      told.command,
      told.intent,
      told.inputs,
      told.tags,
    ])
    expect(namedIn(JSON.stringify(back))).toEqual([])
  })

  it('are hidden once: what is read back from the ledger stays as it is', () => {
    const again = encryptRestricted(record, restriction({ fields }), undefined, shellOf)
    expect([again.record, again.parts.length]).toEqual([record, 0])
  })

  it('of the same value have the same commitment under one key, and another under another', () => {
    const of = (key: number) => commitmentOf(openField('params.a', 'yes', Buffer.alloc(32, key)))
    expect(of(1)).toBe(of(1))
    expect(of(1)).not.toBe(of(2))
    expect(isCommitted(openField('params.a', 'yes', Buffer.alloc(32, 1)), of(1))).toBe(true)
    expect(isCommitted(openField('params.b', 'yes', Buffer.alloc(32, 1)), of(1))).toBe(false)
  })

  it('a command goes with the parameters and seeds that it tells', () => {
    const { record: hidden, byDigits: open } = hide(
      aRun({ ...told, parameters: { command: { values: { seed: 3 } } } }).record,
      { fields: { command: to } },
    )
    const run = hidden as Run
    expect([run.command, run.parameters, run.seeds]).toEqual([
      [expect.stringMatching(/^<restricted:[0-9a-f]{12}>$/)],
      { command: { missing: 'restricted' } },
      {},
    ])
    expect((decryptInto(run, open) as Run).command).toEqual(told.command)
  })

  it('a dataset of a capture keeps its name alone', async () => {
    const stored = capture({ changed: { datasets: { train: { from: 'a'.repeat(64), added: 3 } } } })
    const { record: hidden, byDigits: open, kept: digests } = hide(stored.record, { fields: { 'data.t*': to } })
    expect(hidden).toMatchObject({
      datasets: { train: { state: 'missing', reason: 'restricted' } },
      changed: { datasets: {} },
    })
    expect(JSON.stringify(hidden)).not.toContain('data/train')
    expect([...digests]).toEqual(['d'.repeat(64)])
    expect((decryptInto(hidden, open) as Capture).datasets).toEqual(stored.record.datasets)
    expect(await validate('capture', 1, hidden)).toEqual([])
  })
})

describe('whole records', () => {
  const series = 'metric,step,time,value\nf1,1,,0.5\n'
  const run = aRun({ ...told, metrics: { f1: { value: 0.5, source: 'm.json' } }, series: 'f'.repeat(64) }).record
  const remark = buildRecord<Remark>(
    { kind: 'remark', agent: { name: 'Mei', email: 'm@example.org' }, lesson: 'Acme pays late', links: [] },
    new Date('2026-11-25T09:00:00.000Z'),
  ).record

  it.each([run, capture().record, remark])(
    'of $kind: nothing is left that tells, and all of it comes back',
    async (record) => {
      const { record: hidden, byDigits } = hide(record, { kinds: { [record.kind]: to } }, series)
      expect(JSON.stringify(hidden)).not.toMatch(/Acme|train|0\.5|data\//)
      expect(await validate(record.kind, 1, hidden)).toEqual([])
      expect(decryptInto(hidden, byDigits)).toEqual(record)
      expect(
        encryptRestricted(hidden, restriction({ kinds: { [record.kind]: to } }), undefined, shellOf).parts,
      ).toEqual([])
    },
  )

  it('a run keeps how it ended, its series becomes a field, and its files stay away', () => {
    const { record, open, kept } = hide(run, { kinds: { run: to } }, series)
    expect((record as Run).outcome).toEqual({ status: 'ok' })
    expect(open.map(({ field }) => field)).toEqual(['record', 'series'])
    expect([...kept].sort()).toEqual(['d'.repeat(64), 'f'.repeat(64)])
  })

  it('one too long for a field loses its longest members', () => {
    const { record, byDigits } = hide({ ...run, intent: 'x'.repeat(1_100_000) }, { kinds: { run: to } })
    const back = decryptInto(record, byDigits) as Run
    expect([back.intent, back.command]).toEqual([undefined, run.command])
  })
})

it('the nearest name of a policy counts', () => {
  const some = restriction({ fields: { 'params.*': ['a'], 'params.cust*': ['b'], 'params.customer': ['c'] } })
  expect(['params.x', 'params.custom', 'params.customer', 'tags.x'].map((name) => fieldReaders(some, name))).toEqual([
    ['a'],
    ['b'],
    ['c'],
    undefined,
  ])
  expect(placeholderOf('<restricted:0123456789ab> and more')).toBeUndefined()
})

it('a field that is no age file, or is for other keys than it says, is found', () => {
  const field = (text: string) => ({
    note: { ciphertext: Buffer.from(text, 'latin1').toString('base64'), commitment: '' },
  })
  const head = 'age-encryption.org/v1\n-> X25519 aaaa\nbbbb\n'
  expect(envelopeProblem(field(`${head}--- mac\n\u0001-> X25519 `), ['k'])).toBeUndefined()
  expect(envelopeProblem(field('{"value":"plain"}'), ['k'])).toBe("holds no age file as field 'note'")
  expect(envelopeProblem(field(`${head}-> X25519 cccc\ndddd\n--- mac\n`), ['k'])).toBe(
    "has field 'note' encrypted to 2 X25519 keys and names 1",
  )
})
