import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { maskedCrc32c } from '../../src/collect/metrics/tensorboard/crc32c.ts'
import { collectMetrics } from '../../src/collect/metrics.ts'
import { temporaryFolder } from '../support/repository.ts'
import {
  bytes,
  double,
  event,
  float,
  integer,
  metadata,
  record,
  simple,
  summary,
  tensor,
  varint,
  version,
} from './tensorboard-writer.ts'

const name = 'events.out.tfevents.1764000000.host.1.0'

async function read(files: Record<string, Buffer[]>) {
  const root = temporaryFolder()
  for (const [path, parts] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), Buffer.concat(parts))
  }
  const set = await collectMetrics({ root, declared: [], since: 0 })
  const metrics = Object.fromEntries(
    [...set.metrics].map(([name, { points }]) => [name, points.map(({ step, value }) => [step, value])]),
  )
  return { ...set, metrics, reasons: set.problems.map(({ reason }) => reason) }
}

it('the checksum is that of RFC 3720, masked', () => {
  // CRC-32C of 32 zero bytes is 0x8a9136aa (RFC 3720, B.4).
  const crc = 0x8a9136aa
  expect(maskedCrc32c(Buffer.alloc(32))).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0)
})

describe('scalars', () => {
  it('of the old encoding, with step and time', async () => {
    const {
      metrics,
      metrics: _,
      ...set
    } = await read({
      [`runs/a/${name}`]: [
        version(2),
        event(1, summary(simple('loss', 0.5), simple('acc', 0.25))),
        event(2, summary(simple('loss', Number.NaN))),
      ],
    })
    expect(metrics).toEqual({
      loss: [
        [1, 0.5],
        [2, Number.NaN],
      ],
      acc: [[1, 0.25]],
    })
    expect(set.reasons).toEqual([])
  })

  const half = (bits: number) => [integer(1, 19), bytes(13, varint(bits))]
  const content = (type: number, hex: string) => [integer(1, type), bytes(4, Buffer.from(hex, 'hex'))]
  const packed = (field: number, value: number | bigint) => bytes(field, varint(value))
  it.each<[string, Buffer[], number]>([
    ['DT_FLOAT, packed', [integer(1, 1), bytes(5, Buffer.from('0000003f', 'hex'))], 0.5],
    ['DT_FLOAT, not packed', [integer(1, 1), float(5, 0.25)], 0.25],
    ['DT_FLOAT, content', content(1, '000080be'), -0.25],
    ['DT_DOUBLE', [integer(1, 2), double(6, 0.1)], 0.1],
    ['DT_DOUBLE, content', content(2, '9a9999999999b93f'), 0.1],
    ['DT_INT32', [integer(1, 3), packed(7, -5)], -5],
    ['DT_INT64', [integer(1, 9), packed(10, -6n)], -6],
    ['DT_INT64, content', content(9, 'ffffffffffffffff'), -1],
    ['DT_UINT8, content', content(4, 'ff'), 255],
    ['DT_INT8, content', content(6, 'ff'), -1],
    ['DT_UINT32', [integer(1, 22), packed(16, 7)], 7],
    ['DT_UINT64', [integer(1, 23), packed(17, 2n ** 63n)], 2 ** 63],
    ['DT_BOOL', [integer(1, 10), packed(11, 1)], 1],
    ['DT_HALF', half(0x3555), 0.333251953125],
    ['DT_HALF, negative', half(0xc000), -2],
    ['DT_HALF, subnormal', half(0x0001), 2 ** -24],
    ['DT_HALF, infinite', half(0xfc00), Number.NEGATIVE_INFINITY],
    ['DT_HALF, NaN', half(0x7e00), Number.NaN],
    ['DT_HALF, content', content(19, '0038'), 0.5],
    ['DT_BFLOAT16', [integer(1, 14), packed(13, 0x3f80)], 1],
    ['DT_BFLOAT16, content', content(14, '80bf'), -1],
    ['zero, left out', [integer(1, 1)], 0],
  ])('of the new encoding: %s', async (_, parts, value) => {
    const { metrics } = await read({
      [`${name}.v2`]: [version(2), event(3, summary(Buffer.concat([tensor('x', ...parts), metadata('scalars')])))],
    })
    expect(metrics).toEqual({ x: [[3, value]] })
  })

  it('of the new encoding say their plugin once; histograms, texts and lists are no scalars', async () => {
    const one = [integer(1, 1), float(5, 1)]
    const { metrics, reasons } = await read({
      [name]: [
        version(2),
        event(0, summary(Buffer.concat([tensor('x', ...one), metadata('scalars')]))),
        event(1, summary(tensor('x', ...one))),
        event(1, summary(Buffer.concat([tensor('h', ...one), metadata('histograms')]))),
        event(1, summary(Buffer.concat([tensor('t', integer(1, 7), bytes(8, 'text')), metadata('text')]))),
        event(1, summary(Buffer.concat([tensor('y', integer(1, 1), float(5, 1), float(5, 2)), metadata('scalars')]))),
        event(1, summary(tensor('large', integer(1, 1), bytes(5, Buffer.alloc(4 << 20))))),
        event(1, summary(tensor('larger', integer(1, 9), bytes(10, Buffer.alloc(1 << 20))))),
      ],
    })
    expect(metrics).toEqual({
      x: [
        [0, 1],
        [1, 1],
      ],
    })
    expect(reasons).toEqual([])
  })
})

it('hyperparameters of the hparams plugin are parameters', async () => {
  const entry = (key: string, value: Buffer) => bytes(1, Buffer.concat([bytes(1, key), bytes(2, value)]))
  const start = Buffer.concat([
    entry('lr', double(2, 0.01)),
    entry('model', bytes(3, 'cnn')),
    entry('bias', integer(4, 1)),
    entry('seed', integer(1, 0)),
  ])
  const info = bytes(3, start)
  const { parameters } = await read({
    [name]: [
      version(2),
      event(0, summary(Buffer.concat([bytes(1, '_hparams_/session_start_info'), metadata('hparams', info)]))),
    ],
  })
  expect([...(parameters.get('tensorboard') ?? [])]).toEqual([
    ['lr', 0.01],
    ['model', 'cnn'],
    ['bias', true],
    ['seed', null],
  ])
})

describe('runs and files', () => {
  const one = (value: number, step = 1) => [version(2), event(step, summary(simple('loss', value)))]
  it('several files of a folder are one run, in the order of their names', async () => {
    const { metrics } = await read({
      'logs/events.out.tfevents.2.host': one(2, 2),
      'logs/events.out.tfevents.1.host': one(1, 1),
    })
    expect(metrics).toEqual({
      loss: [
        [1, 1],
        [2, 2],
      ],
    })
  })
  it('several folders are several runs, named below what they share', async () => {
    const { metrics } = await read({
      [`logs/fit/train/${name}`]: one(1),
      [`logs/fit/validation/${name}`]: one(2),
      [`logs/fit/1764000000.123/${name}`]: one(3),
    })
    expect(metrics).toEqual({ loss: [[1, 3]], 'train/loss': [[1, 1]], 'validation/loss': [[1, 2]] })
  })
  it('a restart takes back the steps it logs anew', async () => {
    const start = (step: number) => event(step, bytes(7, integer(1, 1)))
    const steps = (...numbers: number[]) => numbers.map((step) => event(step, summary(simple('loss', step))))
    const { metrics } = await read({ [name]: [version(2), ...steps(1, 2, 3, 4), start(3), ...steps(3)] })
    expect(metrics).toEqual({
      loss: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    })
    const old = await read({ [name]: [version(1), ...steps(1, 2, 3, 2)] })
    expect(old.metrics).toEqual({
      loss: [
        [1, 1],
        [2, 2],
      ],
    })
  })
})

describe('damage', () => {
  const good = (step: number) => event(step, summary(simple('loss', step)))
  it('a last record cut short is still being written', async () => {
    for (const cut of [1, 5, 11, 12, 20, good(2).length - 1]) {
      const { metrics, reasons } = await read({ [name]: [version(2), good(1), good(2).subarray(0, cut)] })
      expect([metrics, reasons]).toEqual([{ loss: [[1, 1]] }, []])
    }
  })
  it('a damaged record is passed over and said; behind a damaged length nothing can be read', async () => {
    const broken = Buffer.from(good(2))
    broken[20] = (broken[20] as number) ^ 1
    const data = await read({ [name]: [good(1), broken, good(3)] })
    expect(data.metrics).toEqual({
      loss: [
        [1, 1],
        [3, 3],
      ],
    })
    expect(data.reasons).toEqual([`damaged at byte ${good(1).length}: a record does not fit its checksum`])
    const length = Buffer.from(good(2))
    length[0] = (length[0] as number) ^ 1
    const lost = await read({ [name]: [good(1), length, good(3)] })
    expect(lost.metrics).toEqual({ loss: [[1, 1]] })
    expect(lost.reasons).toEqual([expect.stringContaining('the length of a record does not fit')])
  })
  it('what is no event is said, however it is wrong', async () => {
    const { metrics, reasons } = await read({
      [name]: [good(1), record(Buffer.from('ffffffffffffffffffffff', 'hex')), record(bytes(5, 'x')), good(2)],
    })
    expect(metrics).toEqual({
      loss: [
        [1, 1],
        [2, 2],
      ],
    })
    expect(reasons).toEqual(['a record is not a TensorBoard event', 'a record is not a TensorBoard event'])
  })
  it('records larger than a chunk are read, huge ones passed over', async () => {
    const large = (size: number) => event(0, bytes(4, Buffer.alloc(size)))
    const { metrics, reasons } = await read({ [name]: [version(2), large(3 << 20), good(1), large(17 << 20), good(2)] })
    expect([metrics, reasons]).toEqual([
      {
        loss: [
          [1, 1],
          [2, 2],
        ],
      },
      [],
    ])
  })
})
