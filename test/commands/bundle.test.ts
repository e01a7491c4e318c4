import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { entry, gitRepository, type TestRepository, temporaryFolder } from '../support/repository.ts'

const code =
  "const fs = require('fs'); fs.writeFileSync('out.txt', fs.readFileSync('data/in.txt', 'utf8').toUpperCase())\n"

function recorded(): { test: TestRepository; id: string } {
  const test = gitRepository({
    'x.js': code,
    'prov.yaml': 'version: 1\n',
    '.gitignore': 'data\n',
    'data/in.txt': 'hello\n',
  })
  test.ok('init', '--yes')
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
  it('writes a folder that a stranger can do the run from, with git-prov alone', () => {
    const { test, id } = recorded()
    expect(test.ok('bundle', id)).toMatch(new RegExp(`^prov: .*/run-${id} {2}.* {2}1 input\n$`))
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

  it('writes an archive, and does the run from it', () => {
    const { test, id } = recorded()
    const away = temporaryFolder()
    test.ok('bundle', id, '-o', join(away, 'run.tar.gz'))
    expect(readdirSync(away)).toEqual(['run.tar.gz'])
    const { status, stdout } = stranger(away, test.env, 'replay', '--bundle', 'run.tar.gz', '--yes')
    expect([status, stdout]).toEqual([0, expect.stringContaining('identical')])
  })

  it('names what it leaves out; the replay then names what is needed', () => {
    const { test, id } = recorded()
    const { status, stdout } = test.prov('bundle', id, '-o', 'b', '--max-size', '3')
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

  it('refuses what is not what it says', () => {
    const { test, id } = recorded()
    test.ok('bundle', id, '-o', 'b')
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
    expect(stranger(folder, test.env, 'replay', '--bundle', '.').stderr).toContain('bundle.json is not one')
    writeFileSync(join(test.path, 'x.tar.gz'), 'no archive')
    expect(stranger(test.path, test.env, 'replay', '--bundle', 'x.tar.gz').stderr).toContain('is no bundle')
    expect(test.prov('bundle', id, '-o', 'b').stderr).toContain('is there already')
    expect(test.prov('bundle', id, '--max-size', 'big').stderr).toContain('--max-size big is no size')
    expect(existsSync(join(test.path, '.git-prov-bundle-'))).toBe(false)
  })
})
