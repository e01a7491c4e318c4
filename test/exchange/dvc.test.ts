import { describe, expect, it } from 'vitest'
import { isDeclared, readLock, readPipeline, toCommand, toRunFile } from '../../src/exchange/dvc/format.ts'

const entry = {
  cmd: 'python train.py',
  deps: [{ path: 'data', md5: `${'a'.repeat(32)}.dir`, size: 10, nfiles: 2 }],
  params: { 'params.yaml': { 'train.lr': 0.1, layers: [8, 4], note: null } },
  outs: [{ path: '../model.pkl', hash: 'md5', md5: 'b'.repeat(32), size: 3 }],
}
const here = () => '.'

describe('dvc.lock', () => {
  it('has the same meaning in schemas 1.0 and 2.0', () => {
    const [old] = readLock({ train: entry }, '.', here)
    const [now] = readLock({ schema: '2.0', stages: { train: entry } }, '.', here)
    expect(now).toEqual(old)
  })

  it('has its paths made relative to the top, and lists of values flattened', () => {
    const [stage] = readLock({ schema: '2.0', stages: { train: entry } }, 'jobs/a', () => 'inner')
    expect(stage).toMatchObject({
      name: 'train',
      commands: ['python train.py'],
      deps: [{ path: 'jobs/a/inner/data', files: 2 }],
      outs: [{ path: 'jobs/a/model.pkl', md5: 'b'.repeat(32) }],
    })
    expect([...(stage?.parameters.get('jobs/a/inner/params.yaml') ?? [])]).toEqual([
      ['train.lr', 0.1],
      ['layers.0', 8],
      ['layers.1', 4],
      ['note', null],
    ])
  })

  it.each([null, 'text', [], { schema: '2.0' }, { schema: '2.0', stages: [] }, { train: 7 }, { a: { deps: [] } }])(
    'that is none has no stages: %j',
    (value) => expect(readLock(value, '.', here)).toEqual([]),
  )

  it('with damaged members keeps what can be parsed', () => {
    const [stage] = readLock({ x: { cmd: 7, deps: 'no', outs: [{ path: 'a', md5: '../x', size: -1 }, 3] } }, '.', here)
    expect(stage).toMatchObject({ commands: ['7'], deps: [], outs: [{ path: 'a' }] })
    expect(stage?.outs).toHaveLength(1)
  })
})

describe('dvc.yaml', () => {
  const pipeline = readPipeline(
    {
      stages: {
        train: { foreach: ['a', 'b'], do: { cmd: 'x', wdir: 'w', metrics: ['m-\u0024{item}.json'] } },
        eval: { cmd: 'y', frozen: true, desc: 'Grade it', metrics: [{ 'eval.json': { cache: false } }] },
      },
      metrics: ['all.json'],
    },
    '.',
  )
  it.each([
    ['train@a', { wdir: 'w', frozen: false, metrics: ['w/m-\u0024{item}.json'] }],
    ['eval', { wdir: '.', frozen: true, description: 'Grade it', metrics: ['eval.json'] }],
    ['gone', { wdir: '.', frozen: false, metrics: [] }],
  ])('describes stage %s', (name, declared) => expect(pipeline.stage(name)).toEqual(declared))

  it('names metrics that belong to no single stage', () => expect(pipeline.metrics).toEqual(['all.json']))

  it.each([
    ['m-\u0024{item}.json', 'm-a.json', true],
    ['m-\u0024{item}.json', 'm-.json', false],
    ['m.json', 'mxjson', false],
    ['a.\u0024{x}', 'a.b', true],
    ['a.\u0024{x}', 'aXb', false],
  ])('%s declares %s: %s', (declared, path, answer) => expect(isDeclared(declared, path)).toBe(answer))
})

it.each([
  [['python src/train.py data/features model.pkl'], ['python', 'src/train.py', 'data/features', 'model.pkl']],
  [['A=1 python x.py'], ['sh', '-c', 'A=1 python x.py']],
  [['python x.py > out'], ['sh', '-c', 'python x.py > out']],
  [
    ['a', 'b && c'],
    ['sh', '-e', '-c', 'a\nb && c'],
  ],
])('%j runs as %j', (commands, words) => expect(toCommand(commands)).toEqual(words))

it('a digest of DVC becomes an alias; another identifier is reported', () => {
  expect(toRunFile({ path: 'a', md5: 'b'.repeat(32), size: 3 })).toEqual({
    path: 'a',
    state: 'complete',
    declared: 'dvc',
    bytes: 3,
    aliases: { md5: 'b'.repeat(32) },
  })
  expect(toRunFile({ path: 's3://b/a', other: '"etag"' })).toMatchObject({ reason: 'known to DVC as "etag"' })
  expect(toRunFile({ path: 'a' })).toMatchObject({ state: 'missing', reason: 'dvc.lock has no digest of it' })
})
