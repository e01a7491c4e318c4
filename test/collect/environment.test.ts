import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectEnvironment } from '../../src/collect/environment.ts'
import { readParameters } from '../../src/collect/parameters.ts'
import { privateWords } from '../../src/privacy/private-words.ts'
import { makeRedactor } from '../../src/privacy/redact.ts'
import { validate } from '../../src/records/validate.ts'
import { temporaryFolder } from '../support/repository.ts'

interface Machine {
  root: string
  system: string
  cache: string
  env: Record<string, string>
}

function machine(files: Record<string, string> = {}): Machine {
  const folder = temporaryFolder()
  const made = {
    root: join(folder, 'project'),
    system: join(folder, 'system'),
    cache: join(folder, 'cache'),
    env: { PATH: join(folder, 'bin') },
  }
  for (const path of [made.root, made.system, join(folder, 'bin')]) mkdirSync(path)
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (name.startsWith('bin/')) chmodSync(path, 0o755)
  }
  return made
}

const collect = ({ root, system, cache, env }: Machine, more: Record<string, string> = {}, variables: string[] = []) =>
  collectEnvironment({
    root,
    env: { ...env, ...more },
    systemRoot: system,
    variables,
    redactor: makeRedactor({ words: privateWords({}), key: Buffer.alloc(32) }),
    deadline: Number.POSITIVE_INFINITY,
    cacheDir: cache,
  })

const distInfo = (name: string, version: string) => ({
  [`project/.venv/lib/python3.11/site-packages/${name}-${version}.dist-info/METADATA`]: '',
})
const venv = {
  'project/.venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.11.7\n',
  ...distInfo('numpy', '2.1.0'),
  ...distInfo('typing_extensions', '4.12.0'),
}

describe('the environment', () => {
  it('of a bare machine gives a reason for each thing that is not there, and holds to its schema', async () => {
    const { environment } = await collect(machine())
    expect(environment.software).toMatchObject({
      container: { missing: expect.any(String) },
      python: { missing: 'no virtual environment here and no python3 on PATH' },
      r: { missing: expect.any(String) },
      julia: { missing: 'no Manifest.toml' },
      locks: { missing: expect.any(String) },
    })
    expect(environment.host.accelerators).toEqual({ missing: expect.stringContaining('none found') })
    expect(await validate('environment', 1, environment)).toEqual([])
  })

  it('is the same on every look, and sees a package that changed', async () => {
    const here = machine(venv)
    const first = await collect(here)
    expect((await collect(here)).digests).toEqual(first.digests)
    rmSync(here.cache, { recursive: true })
    expect((await collect(here)).digests).toEqual(first.digests)
    expect(first.environment.software.python).toMatchObject({
      kind: 'venv',
      version: '3.11.7',
      packages: { numpy: '2.1.0', 'typing-extensions': '4.12.0' },
    })
    rmSync(join(here.root, '.venv/lib/python3.11/site-packages/numpy-2.1.0.dist-info'), { recursive: true })
    mkdirSync(join(here.root, '.venv/lib/python3.11/site-packages/numpy-2.1.2.dist-info'))
    const later = await collect(here)
    expect(later.environment.software.python).toMatchObject({ packages: { numpy: '2.1.2' } })
    expect(later.digests.host).toBe(first.digests.host)
  })

  it('a cache that is damaged is no cache', async () => {
    const here = machine(venv)
    const { digests } = await collect(here)
    for (const text of ['', '[]', '{"python":null}', '{"python":{"key":1}}']) {
      writeFileSync(join(here.cache, 'environment.json'), text)
      expect((await collect(here)).digests).toEqual(digests)
    }
  })

  it('holds no user, host, home folder, token or path of this machine', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    const direct = (value: object) => JSON.stringify(value)
    const here = machine({
      ...venv,
      ...distInfo('mine', '0.1'),
      'project/.venv/lib/python3.11/site-packages/mine-0.1.dist-info/direct_url.json': direct({
        url: `file://${homedir()}/secret-project`,
        dir_info: { editable: true },
      }),
      ...distInfo('private', '1.0'),
      'project/.venv/lib/python3.11/site-packages/private-1.0.dist-info/direct_url.json': direct({
        url: `https://user:${token}@git.example.org/x`,
        vcs_info: { vcs: 'git', commit_id: 'a'.repeat(40) },
      }),
      'project/requirements.txt': `--index-url https://user:${token}@pypi.example.org/simple\nnumpy\n`,
    })
    const variables = {
      XLA_FLAGS: `--dump=/home/somebody-${hostname()}/x`,
      WANDB_API_KEY: token,
      MY_URL: `https://u:${token}@x`,
      CUDA_VISIBLE_DEVICES: '0,1',
    }
    const { text, environment } = await collect(here, { ...variables, VIRTUAL_ENV: join(here.root, '.venv') }, [
      'WANDB_API_KEY',
      'MY_URL',
    ])
    for (const word of [
      token,
      homedir().length > 1 ? `${homedir()}/` : token,
      hostname(),
      here.root,
      'secret-project',
      'https://user',
    ])
      expect(text).not.toContain(word)
    expect(environment.software.variables).toEqual({
      CUDA_VISIBLE_DEVICES: '0,1',
      MY_URL: expect.stringMatching(/^https:\/\/<user:\w{8}>:<secret:\w{8}>@x$/),
      WANDB_API_KEY: expect.stringMatching(/^<secret:\w{8}>$/),
      XLA_FLAGS: expect.stringMatching(/^--dump=<home:\w{8}>\/x$/),
    })
    expect(environment.software.python).toMatchObject({
      sources: { mine: 'editable', private: `commit ${'a'.repeat(40)}` },
    })
  })

  it('reads NVIDIA devices from nvidia-smi, once while the driver stays', async () => {
    const smi =
      '#!/bin/sh\necho x >>"$(dirname "$0")/../asked"\ncase "$1" in --query*) echo "NVIDIA H200, 143771, 550.90.07"; echo "NVIDIA H200, 143771, 550.90.07" ;; *) echo "| NVIDIA-SMI 550.90.07    Driver Version: 550.90.07    CUDA Version: 12.4     |" ;; esac\n'
    const here = machine({ 'bin/nvidia-smi': smi })
    here.env.PATH += ':/usr/bin:/bin'
    const look = async () => (await collect(here)).environment.host.accelerators
    expect(await look()).toEqual({
      devices: [{ vendor: 'nvidia', model: 'NVIDIA H200', count: 2, memoryMebibytes: 143771 }],
      driver: '550.90.07',
      runtime: 'CUDA 12.4',
    })
    await look()
    expect(readFileSync(join(here.root, '../asked'), 'utf8')).toBe('x\nx\n')
  })

  it.each([
    [
      'AMD',
      {
        'system/sys/class/kfd/kfd/topology/nodes/0/properties': 'simd_count 0\n',
        'system/sys/class/kfd/kfd/topology/nodes/1/properties': 'simd_count 304\ngfx_target_version 90402\n',
        'system/sys/module/amdgpu/version': '6.8.5\n',
        'system/opt/rocm/.info/version': '6.2.0\n',
      },
      { devices: [{ vendor: 'amd', model: 'gfx 90402', count: 1 }], driver: '6.8.5', runtime: 'ROCm 6.2.0' },
    ],
    [
      'TPU',
      { 'system/dev/accel0': '', 'system/dev/accel1': '' },
      { devices: [{ vendor: 'google', model: 'TPU', count: 2 }] },
    ],
  ])('reads %s devices', async (_, files, found) => {
    expect((await collect(machine(files))).environment.host.accelerators).toEqual(found)
  })

  it.each([
    ['docker', { 'system/.dockerenv': '' }, {}, { runtime: 'docker' }],
    [
      'podman',
      {
        'system/run/.containerenv': `engine="podman-4"\nimage="docker.io/library/python:3"\nimageid="${'b'.repeat(64)}"\n`,
      },
      {},
      {
        runtime: 'podman',
        image: `docker.io/library/python:3@sha256:${'b'.repeat(64)}`,
        digest: `sha256:${'b'.repeat(64)}`,
      },
    ],
    [
      'apptainer',
      {},
      { APPTAINER_CONTAINER: '/home/somebody/images/train.sif' },
      { runtime: 'apptainer', image: 'train.sif' },
    ],
    [
      'kubernetes',
      {},
      {
        KUBERNETES_SERVICE_HOST: '10.0.0.1',
        CONTAINER_IMAGE: `user:pass@registry.example.org/x@sha256:${'c'.repeat(64)}`,
      },
      {
        runtime: 'kubernetes',
        image: `registry.example.org/x@sha256:${'c'.repeat(64)}`,
        digest: `sha256:${'c'.repeat(64)}`,
      },
    ],
  ])('knows %s', async (_, files, env, found) => {
    expect((await collect(machine(files), env)).environment.software.container).toEqual(found)
  })

  it('reads conda, uv, R, Julia, Node and lock files', async () => {
    const here = machine({
      'conda/conda-meta/python-3.12.4-h1.json': '{}',
      'conda/conda-meta/numpy-2.0.1-py312.json': '{}',
      'project/renv.lock':
        '{"R": {"Version": "4.4.1"}, "Packages": {"dplyr": {"Package": "dplyr", "Version": "1.1.4"}}}',
      'project/Manifest.toml': 'julia_version = "1.10.4"\nmanifest_format = "2.0"\n[[deps.JSON]]\nversion = "0.21.4"\n',
      'project/package.json': '{}',
      'project/node_modules/.package-lock.json':
        '{"packages": {"node_modules/a": {"version": "1.0.0"}, "node_modules/b/node_modules/a": {"version": "2.0.0"}}}',
    })
    const { software } = (await collect(here, { CONDA_PREFIX: join(here.root, '../conda') })).environment
    expect(software).toMatchObject({
      python: { kind: 'conda', version: '3.12.4', packages: { numpy: '2.0.1', python: '3.12.4' } },
      r: { version: '4.4.1', packages: { dplyr: '1.1.4' } },
      julia: { version: '1.10.4', packages: { JSON: '0.21.4' } },
      node: { packages: { a: '1.0.0, 2.0.0' }, from: 'node_modules' },
    })
    expect(Object.keys((software.locks as { files: object }).files)).toEqual(['Manifest.toml', 'renv.lock'])
    const uv = await collect(
      machine({ ...venv, 'project/.venv/pyvenv.cfg': 'home = /x\nuv = 0.5.1\nversion_info = 3.12.1\n' }),
    )
    expect(uv.environment.software.python).toMatchObject({ manager: 'uv', version: '3.12.1' })
  })
})

describe('parameter files', () => {
  it.each([
    [
      'p.yaml',
      'model:\n  lr: 0.1\n  layers: [1, 2]\nseed: 7\n',
      { 'model.lr': 0.1, 'model.layers.0': 1, 'model.layers.1': 2, seed: 7 },
    ],
    [
      'p.json',
      '{"a": {"b": true}, "c": null, "d": 12345678901234567890}',
      { 'a.b': true, c: null, d: '12345678901234567000' },
    ],
    ['p.toml', 'lr = 0.5\n[m]\nname = "x"\n', { lr: 0.5, 'm.name': 'x' }],
    ['p.yaml', 'x: .nan\ny: .inf\n', { x: 'NaN', y: 'Infinity' }],
  ])('%s: %j', async (path, text, values) =>
    expect(await readParameters(path, Buffer.from(text))).toMatchObject({ values }),
  )

  it.each([
    ['p.yaml', 'a: [1\n', /^p\.yaml:2:1: /],
    ['p.json', '{', /^p\.json:1:2: /],
    ['p.yaml', 'x'.repeat(300_000), /more than 262144/],
    ['p.json', '['.repeat(5_000), /p\.json/],
  ])('%s that cannot be read says why', async (path, text, reason) =>
    expect(await readParameters(path, Buffer.from(text))).toEqual({ missing: expect.stringMatching(reason) }),
  )
})
