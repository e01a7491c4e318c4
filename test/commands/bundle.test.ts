import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { inProcess } from '../support/in-process.ts'
import { entry, gitRepository, type TestRepository, temporaryFolder } from '../support/repository.ts'

const code =
  "const fs = require('fs'); fs.writeFileSync('out.txt', fs.readFileSync('data/in.txt', 'utf8').toUpperCase())\n"

async function recorded(): Promise<{ test: TestRepository; id: string }> {
  const test = gitRepository({
    'x.js': code,
    'prov.yaml': 'version: 1\n',
    '.gitignore': 'data\n',
    'data/in.txt': 'hello\n',
  })
  await inProcess(test).ok('init', '--yes')
  test.commit('One')
  test.write({ 'x.js': `// dirty\n${code}` })
  const { stderr } = test.prov('run', '-m', 'Shout `it`', '-i', 'data/in.txt', '-o', 'out.txt', '--', 'node', 'x.js')
  return { test, id: /prov: run (\w+)/.exec(stderr)?.[1] as string }
}

/** git-prov in a folder that is no repository, as somebody else. */
function stranger(cwd: string, env: Record<string, string>, ...args: string[]) {
  const { GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL, ...rest } = env
  const result = spawnSync(process.execPath, [entry, ...args], { cwd, env: rest, input: '', encoding: 'utf8' })
  return { status: result.status, stdout: result.stdout, stderr: result.stderr }
}

describe('git prov bundle', () => {
  it('writes a folder from which anybody can replay the run with git-prov alone', async () => {
    const { test, id } = await recorded()
    expect(await inProcess(test).ok('bundle', id)).toMatch(new RegExp(`^prov: .*/run-${id} {2}.* {2}1 input\n$`))
    const away = join(temporaryFolder(), 'bundle')
    renameSync(join(test.path, `run-${id}`), away)
    expect(readdirSync(away).sort()).toEqual([
      'README.md',
      'bundle.json',
      'code.bundle',
      'environment.json',
      'inputs',
      'run.json',
    ])
    const readme = readFileSync(join(away, 'README.md'), 'utf8')
    expect(readme).toContain('node x.js')
    expect(readme).toContain(digestOf(readFileSync(join(away, 'run.json'))))
    expect(stranger(away, test.env, 'replay', '--bundle', '.')).toMatchObject({ status: 2, stdout: '' })
    const { status, stdout } = stranger(away, test.env, 'replay', '--bundle', '.', '--yes')
    expect(stdout).toBe(`prov: replay of ${id}  identical\n  outputs  1 the same\n`)
    expect(status).toBe(0)
    expect(JSON.parse(readFileSync(join(away, 'replay.json'), 'utf8'))).toMatchObject({
      verdict: 'identical',
      isolation: 'bundle',
    })
    expect(test.git('status', '--porcelain', '--', 'run-*')).toBe('')
    expect(test.git('for-each-ref', 'refs/prov/bundles')).toBe('')
  })

  it('writes an archive, and replays the run from it', async () => {
    const { test, id } = await recorded()
    const away = temporaryFolder()
    await inProcess(test).ok('bundle', id, '-o', join(away, 'run.tar.gz'))
    expect(readdirSync(away)).toEqual(['run.tar.gz'])
    const { status, stdout } = stranger(away, test.env, 'replay', '--bundle', 'run.tar.gz', '--yes')
    expect([status, stdout]).toEqual([0, expect.stringContaining('identical')])
  })

  it('writes the same bytes twice, whatever happened to the repository meanwhile', async () => {
    const { test, id } = await recorded()
    const bundled = (name: string) => {
      test.ok('bundle', id, '-o', join(away, name, 'run.tar.gz'))
      return readFileSync(join(away, name, 'run.tar.gz'))
    }
    const away = temporaryFolder()
    test.run('mkdir', ['-p', join(away, 'one'), join(away, 'other')])
    const one = bundled('one')
    test.git('config', 'core.compression', '0')
    test.commit('Two', { 'x.js': `${code}// more\n` })
    test.git('repack', '-adfq', '--write-bitmap-index')
    expect(bundled('other').equals(one)).toBe(true)
  })

  it('names what it leaves out; the replay then names what it needs', async () => {
    const { test, id } = await recorded()
    const { status, stdout } = await inProcess(test).prov('bundle', id, '-o', 'b', '--max-size', '3')
    expect([status, stdout]).toEqual([1, expect.stringContaining('not in it: data/in.txt: too large (--max-size)')])
    expect(readFileSync(join(test.path, 'b/README.md'), 'utf8')).toContain(`${digestOf('hello\n')}  data/in.txt  6 B`)
    const replayed = stranger(join(test.path, 'b'), test.env, 'replay', '--bundle', '.', '--yes')
    expect([replayed.status, replayed.stdout]).toEqual([
      2,
      expect.stringContaining('input data/in.txt: it is not here'),
    ])
    cpSync(join(test.path, 'data'), join(test.path, 'b/inputs/data'), { recursive: true })
    expect(stranger(join(test.path, 'b'), test.env, 'replay', '--bundle', '.', '--yes').status).toBe(0)
  })

  it('refuses a bundle whose contents do not match its record', async () => {
    const { test, id } = await recorded()
    await inProcess(test).ok('bundle', id, '-o', 'b')
    const folder = join(test.path, 'b')
    const run = readFileSync(join(folder, 'run.json'), 'utf8')
    writeFileSync(join(folder, 'run.json'), run.replace('"x.js"', '"y.js"'))
    expect(stranger(folder, test.env, 'replay', '--bundle', '.', '--yes').stderr).toContain(
      'does not have the content its name says',
    )
    writeFileSync(join(folder, 'run.json'), run)
    const index = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8'))
    writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ ...index, tree: '1'.repeat(40) }))
    expect(stranger(folder, test.env, 'replay', '--bundle', '.', '--yes').stderr).toContain('not that of the run')
    writeFileSync(join(folder, 'bundle.json'), '{}')
    expect(stranger(folder, test.env, 'replay', '--bundle', '.').stderr).toContain(
      'bundle.json was not written by git prov bundle',
    )
    writeFileSync(join(test.path, 'x.tar.gz'), 'no archive')
    expect(stranger(test.path, test.env, 'replay', '--bundle', 'x.tar.gz').stderr).toContain('is not a bundle')
    expect((await inProcess(test).prov('bundle', id, '-o', 'b')).stderr).toContain('already exists')
    expect((await inProcess(test).prov('bundle', id, '--max-size', 'big')).stderr).toContain(
      '--max-size big is not a size',
    )
    expect(existsSync(join(test.path, '.git-prov-bundle-'))).toBe(false)
  })
})

const size = 300 * 1024 ** 2
/** MB; node itself takes about 50. */
const most = 200

/** A run that had a large folder of data, 300 MB in one file of it. */
function large(): { test: TestRepository; id: string } {
  const test = gitRepository({
    'x.js': "require('fs').writeFileSync('out.txt', 'done')\n",
    'prov.yaml': 'version: 1\n',
    '.gitignore': 'data\n',
    'data/small.txt': 'hello\n',
    'data/large.bin': '',
  })
  truncateSync(join(test.path, 'data/large.bin'), size)
  test.ok('init', '--yes')
  test.commit('One')
  const { stderr } = test.prov('run', '-i', 'data', '-o', 'out.txt', '--', 'node', 'x.js')
  return { test, id: /prov: run (\w+)/.exec(stderr)?.[1] as string }
}

describe('a bundle larger than memory', () => {
  const { test, id } = large()
  const away = temporaryFolder()
  const bundle = ['bundle', id, '-o', join(away, 'run.tar.gz'), '--max-size', '1GB']
  const replay = ['replay', '--bundle', join(away, 'run.tar.gz'), '--yes']
  const peak = join(temporaryFolder(), 'peak')
  writeFileSync(
    `${peak}.cjs`,
    `process.argv[1] === '${entry}' && process.on('exit', () =>
      require('node:fs').writeFileSync('${peak}', String(process.resourceUsage().maxRSS)))`,
  )
  const tight = { ...test.env, NODE_OPTIONS: `--max-old-space-size=64 --require ${peak}.cjs` }

  it.each([
    ['written', bundle],
    ['replayed', replay],
  ])('is %s in little memory', (_, words) => {
    const { status, stderr } = spawnSync(process.execPath, [entry, ...words], {
      cwd: test.path,
      env: tight,
      encoding: 'utf8',
    })
    expect([status, status === 0 ? '' : stderr]).toEqual([0, ''])
    expect(Number(readFileSync(peak, 'utf8')) / 1024).toBeLessThan(most)
  })

  it.each([
    ['written', [...bundle.slice(0, 3), join(away, 'again.tar.gz'), ...bundle.slice(4)], away, '.git-prov-bundle-'],
    ['unpacked', replay, undefined, 'git-prov-bundle-'],
  ])('leaves nothing behind when interrupted while it is %s', async (_, words, folder, begun) => {
    const temporary = temporaryFolder()
    const child = spawn(process.execPath, [entry, ...words], {
      cwd: test.path,
      env: { ...test.env, TMPDIR: temporary },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
    await until(() => holds(folder ?? temporary, begun))
    child.kill('SIGINT')
    expect(await ended).toBe('SIGINT')
    expect([readdirSync(temporary), readdirSync(away)]).toEqual([[], ['run.tar.gz']])
  })
})

/** Whether a folder that begins so holds the large file, or the archive it is in, or a part of it. */
function holds(folder: string, begun: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (file) => file.isFile() && file.parentPath.includes(begun) && /archive$|large/.test(file.name),
  )
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5))
}
