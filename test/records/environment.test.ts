import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount } from '../../src/base/quantity.ts'
import { renderCaptureLine } from '../../src/capture/capture-line.ts'
import { describeChange, describeDataset } from '../../src/records/dataset.ts'
import {
  buildEnvironment,
  describeEnvironmentDiff,
  diffEnvironments,
  type Environment,
  isEnvironment,
  summariseEnvironment,
} from '../../src/records/environment.ts'
import { environmentBody } from '../../src/records/environment-text.ts'
import { validate } from '../../src/records/validate.ts'
import { capture } from '../support/records.ts'

const python = (packages: Record<string, string>) => ({
  half: 'software' as const,
  name: 'python',
  result: { implementation: 'CPython', version: '3.11.7', kind: 'venv', packages },
})
const ecosystem = (name: string, version: string) => ({
  half: 'software' as const,
  name,
  result: { version, packages: { a: '1' }, from: 'a.lock' },
})
const os = { half: 'host' as const, name: 'os', result: { platform: 'linux', architecture: 'x64' } }
const gpu = (model: string) => ({
  half: 'host' as const,
  name: 'accelerators',
  result: { devices: [{ vendor: 'nvidia', model, count: 1 }], driver: '550.1', runtime: 'CUDA 12.4' },
})

describe('an environment', () => {
  it('has a digest of its own and one for each half', async () => {
    const a = buildEnvironment([os, python({ numpy: '2.1.0' })])
    const b = buildEnvironment([os, python({ numpy: '2.1.2' })])
    expect(a.digests.host).toBe(b.digests.host)
    expect(a.digests.software).not.toBe(b.digests.software)
    expect(a.digests.digest).not.toBe(b.digests.digest)
    expect(await validate('environment', 1, a.environment)).toEqual([])
  })

  it.each([
    [[os, python({ numpy: '1', scipy: '2' })], 'python 3.11.7, 2 packages'],
    [[os, python({ numpy: '1' }), gpu('NVIDIA H100 80GB HBM3')], 'python 3.11.7, 1 package, 1 x H100 80GB HBM3'],
    [[os], 'linux'],
  ])('is summarised', (results, text) => expect(summariseEnvironment(buildEnvironment(results).environment)).toBe(text))

  it.each([
    [{}, 'linux'],
    [{ r: '4.3' }, 'R 4.3, 1 package'],
    [
      { node: '20', julia: '1.10', pixi: '0.40', r: '4.3' },
      'R 4.3, 1 package, julia 1.10, 1 package, node 20, 1 package, pixi 0.40, 1 package',
    ],
  ])('has any ecosystem, also one that this version does not collect: %j', async (versions, text) => {
    const results = Object.entries(versions).map(([name, version]) => ecosystem(name, version))
    const { environment } = buildEnvironment([os, ...results])
    expect(await validate('environment', 1, environment)).toEqual([])
    expect(isEnvironment(environment)).toBe(true)
    expect(summariseEnvironment(environment)).toBe(text)
    expect(environmentBody(environment)).toHaveLength(1 + results.length)
  })

  it.each([
    ['Pixi', { packages: {}, from: 'pixi.lock' }],
    ['pixi', { packages: {} }],
    ['pixi', { packages: { a: 1 }, from: 'pixi.lock' }],
    ['pixi', { packages: {}, from: 'pixi.lock', more: 1 }],
    ['pixi', 'all'],
  ])('and no member of another form: %s %j', async (name, result) => {
    const { environment } = buildEnvironment([os, { half: 'software', name, result: result as object }])
    expect(await validate('environment', 1, environment)).not.toEqual([])
  })

  it('leaves the system Python out where the project is in another language', () => {
    const system = {
      half: 'software' as const,
      name: 'python',
      result: { implementation: 'CPython', kind: 'system', packages: {} },
    }
    expect(summariseEnvironment(buildEnvironment([os, system]).environment)).toBe('python, 0 packages')
    expect(summariseEnvironment(buildEnvironment([os, system, ecosystem('pixi', '1')]).environment)).toBe(
      'pixi 1, 1 package',
    )
  })

  it.each([
    [{ numpy: '2.1.0' }, { numpy: '2.1.2' }, 'numpy 2.1.0 -> 2.1.2'],
    [{ a: '1' }, { b: '1' }, 'a 1 removed, b 1 added'],
    [{ a: '1', b: '1', c: '1', d: '1' }, { a: '2', b: '2', c: '2', d: '2' }, 'a 1 -> 2, b 1 -> 2 and 2 more'],
  ])('differs from another: %j, %j', (before, after, text) => {
    const diff = diffEnvironments(
      buildEnvironment([python(before)]).environment,
      buildEnvironment([python(after)]).environment,
    )
    expect(describeEnvironmentDiff(diff)).toBe(text)
  })

  it('names hardware that changed', () => {
    const diff = diffEnvironments(
      buildEnvironment([gpu('A100')]).environment,
      buildEnvironment([gpu('H200')]).environment,
    )
    expect(describeEnvironmentDiff(diff)).toBe('GPU A100 -> H200')
  })
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_234_567_890, '1.2 GB'],
  [38e9, '38 GB'],
  [999_600, '1.0 MB'],
  [9_960_000, '10 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
it.each([
  [7, '7'],
  [1204, '1,204'],
  [1_000_000, '1,000,000'],
])('%d is %s', (count, text) => expect(formatCount(count)).toBe(text))

const digest = '3d1e0a'.padEnd(64, '0')
it.each([
  [{ state: 'complete', digest, files: 1204, bytes: 1.2e9 }, '3d1e0a (1,204 files, 1.2 GB)'],
  [{ state: 'complete', digest, files: 1, bytes: 10 }, '3d1e0a (1 file, 10 B)'],
  [{ state: 'pending', reason: '38 GB in 1 file to read' }, 'pending: 38 GB in 1 file to read'],
  [{ state: 'missing', reason: 'there is nothing at its path' }, 'missing: there is nothing at its path'],
  [
    { state: 'incomplete', digest, files: 2, bytes: 3, reason: 'x not readable (EACCES)' },
    '3d1e0a (2 files, 3 B, incomplete: x not readable (EACCES))',
  ],
] as const)('%j reads %s', (dataset, text) => expect(describeDataset(dataset)).toBe(text))

it.each([
  [{ from: digest, added: 3, removed: 1, modified: 2 }, '+3 -1 ~2 files'],
  [{ from: digest, added: 1, removed: 0, modified: 0 }, '+1 file'],
  [{ from: digest }, 'changed'],
  [{ added: 1 }, 'new'],
])('%j reads %s', (change, text) => expect(describeChange(change)).toBe(text))

describe('an environment shown', () => {
  it('has each part in words, and the reason where there is none', () => {
    const host = {
      memory: { mebibytes: 24064 },
      accelerators: {
        devices: [{ vendor: 'nvidia', model: 'NVIDIA H200', count: 2 }],
        driver: '550.1',
        runtime: 'CUDA 12.4',
      },
    }
    const software = {
      container: { runtime: 'docker' },
      python: {
        implementation: 'CPython',
        version: '3.11.7',
        kind: 'venv',
        manager: 'uv',
        packages: { numpy: '2.1.0' },
      },
      julia: { missing: 'no Manifest.toml' },
      locks: { files: { 'uv.lock': 'd'.repeat(64) } },
      variables: { SEED: '1' },
      constructor: { a: { b: 1 } },
    }
    expect(environmentBody({ version: 1, host, software } as unknown as Environment)).toEqual([
      'memory       25 GB',
      'accelerators 2 x NVIDIA H200, driver 550.1, CUDA 12.4',
      'container    docker, image not known',
      'python       CPython 3.11.7, uv, 1 package',
      'julia        - no Manifest.toml',
      'locks        uv.lock dddddd',
      'variables    SEED=1',
      'constructor  a {"b":1}',
    ])
  })
})

it('the line after a commit names several missing datasets together, one with its reason', () => {
  const missing = (path: string) => ({
    path,
    state: 'missing' as const,
    source: 'dvc' as const,
    reason: 'not here',
    aliases: { md5: 'a'.repeat(32) },
  })
  const line = (names: string[]) => {
    const datasets = Object.fromEntries(names.map((name) => [name, missing(name)]))
    return renderCaptureLine({
      record: capture({ datasets, changed: {} }).record,
      environment: undefined,
      previous: undefined,
    })
  }
  expect(line(['a'])).toBe('prov: ccccccc  env dddddd  a missing (md5 aaaaaa): not here')
  expect(line(['a', 'b'])).toBe('prov: ccccccc  env dddddd  a, b missing (git prov show says why)')
  expect(line(['a', 'b', 'c', 'd', 'e'])).toContain('a, b, c and 2 more missing')
})
