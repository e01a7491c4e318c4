import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, provRepository, TestRepository } from '../support/repository.ts'

/** Every file that init could touch, with its bytes and mode. */
function snapshot({ path }: TestRepository): Record<string, string> {
  const files: Record<string, string> = {}
  const add = (folder: string, skip: RegExp) => {
    for (const name of readdirSync(join(path, folder), { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, name)
      const stat = statSync(join(path, file))
      if (stat.isFile() && !skip.test(file))
        files[file] = `${(stat.mode & 0o777).toString(8)} ${readFileSync(join(path, file), 'base64')}`
    }
  }
  add('.', /^\.git\//)
  add('.git/hooks', /^$/)
  files.config = readFileSync(join(path, '.git/config'), 'base64')
  return files
}

describe('git prov init', () => {
  it('says what it did, and changes nothing when repeated', async () => {
    const test = gitRepository({ 'data/train/a.csv': 'a', 'params.yaml': 'lr: 1\n', 'metrics.json': '{}' })
    expect(await inProcess(test).ok('init')).toMatchInlineSnapshot(`
      "prov: branch prov created
      prov: hooks installed
      prov: prov.yaml written
      prov:   dataset train  data/train
      prov:   parameters params.yaml
      prov:   metrics metrics.json
      prov: next: git add prov.yaml, and commit as usual; git prov log shows what was recorded
      "
    `)
    const before = snapshot(test)
    expect(await inProcess(test).ok('init')).toBe('prov: everything is already set up\n')
    expect(snapshot(test)).toEqual(before)
  })

  it('finds DVC outputs, git-lfs paths and folders of data', async () => {
    const test = gitRepository({
      'models/m.dvc': 'outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  path: m\n',
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'weights/a.bin': 'a',
      'weights/b.bin': 'b',
      'data/train/x.csv': 'x',
      'data/val/x.csv': 'x',
    })
    await inProcess(test).ok('init', '-q')
    expect((await inProcess(test).ok('dataset', 'list')).replace(/ {2}not recorded.*/g, '')).toBe(
      'm        models/m\nweights  weights\ntrain    data/train\nval      data/val\n',
    )
  })

  it('two people who both start a branch share its history', async () => {
    const [a, b] = [gitRepository(), gitRepository()]
    await inProcess(a).ok('init')
    await inProcess(b).ok('init')
    expect(a.git('rev-parse', 'prov')).toBe(b.git('rev-parse', 'prov'))
  })

  it('--uninstall restores every byte', async () => {
    const test = gitRepository({ 'data/a.csv': 'a' })
    mkdirSync(join(test.path, '.git/hooks'), { recursive: true })
    writeFileSync(join(test.path, '.git/hooks/post-commit'), '#!/bin/sh\necho mine >>ran\n', { mode: 0o755 })
    test.git('config', 'user.nickname', 'x')
    const before = snapshot(test)
    await inProcess(test).ok('init')
    await inProcess(test).ok('init', '--uninstall')
    expect(snapshot(test)).toEqual(before)
    expect(existsSync(join(test.path, '.git/prov'))).toBe(false)
  })

  it('--uninstall restores every byte in a repository that was moved meanwhile', async () => {
    const test = gitRepository({ 'data/a.csv': 'a' })
    const before = snapshot(test)
    await inProcess(test).ok('init')
    renameSync(test.path, `${test.path}-moved`)
    const moved = new TestRepository(`${test.path}-moved`, test.env)
    await inProcess(moved).ok('init', '--uninstall')
    expect(snapshot(moved)).toEqual(before)
  })

  it('calls an existing hook, and keeps its exit status and its input', async () => {
    const test = gitRepository({ 'a.txt': 'a' })
    writeFileSync(join(test.path, '.git/hooks/post-commit'), '#!/bin/sh\necho mine "$@" >>../ran\nexit 3\n', {
      mode: 0o755,
    })
    writeFileSync(join(test.path, '.git/hooks/post-rewrite'), '#!/bin/sh\n(echo "$1"; cat) >>../ran\n', { mode: 0o755 })
    await inProcess(test).ok('init')
    test.commit('x')
    const old = test.head()
    test.git('commit', '--quiet', '--amend', '-m', 'y')
    expect(readFileSync(join(test.path, '../ran'), 'utf8')).toBe(`mine\nmine\namend\n${old} ${test.head()}\n`)
    expect(test.captures()).toHaveLength(1)
  })

  it('core.hooksPath in the work tree gets one portable line, without a path of this machine', async () => {
    const test = gitRepository({ '.githooks/post-commit': '#!/bin/sh\necho own\n' })
    chmodSync(join(test.path, '.githooks/post-commit'), 0o755)
    test.git('config', 'core.hooksPath', '.githooks')
    const before = snapshot(test)
    await inProcess(test).ok('init')
    const text = readFileSync(join(test.path, '.githooks/post-commit'), 'utf8')
    expect(text).toContain('echo own\n')
    expect(text).toContain('git-prov hook post-commit')
    expect(text).not.toContain(process.execPath)
    await inProcess(test).ok('init', '--uninstall')
    expect(snapshot(test)).toEqual(before)
  })

  it('refuses a branch prov that is not ours, and accepts another name', async () => {
    const test = gitRepository({ 'a.txt': 'a' })
    test.commit('x')
    test.git('branch', 'prov')
    expect(await inProcess(test).prov('init')).toMatchObject({
      status: 2,
      stderr:
        "error: there is a branch 'prov' here that git-prov did not make\nhint:  choose another name: git config prov.branch provenance, then git prov init\n",
    })
    test.git('config', 'prov.branch', 'provenance')
    await inProcess(test).ok('init')
    test.commit('y')
    expect(test.git('rev-list', '--count', 'provenance')).toBe('3')
  })

  it('connects a clone and shows what the others recorded', async () => {
    const origin = provRepository()
    for (const args of [[], ['--single-branch'], ['--depth=1']]) {
      const clone = cloneOf(origin, ...args)
      expect(await inProcess(clone).ok('init')).toContain('connected to origin/prov: 1 record about 1 commit')
      expect((await inProcess(clone).log('-n1'))[0].provenance).toMatchObject({
        status: 'captured',
        matchedBy: 'commit',
      })
    }
  })

  it.each([
    [['--dataset', 'x'], 'error: --dataset x is not <name>=<path>'],
    [['--nope'], "error: Unknown option '--nope'"],
    [['--remote', 'nope'], "error: there is no remote 'nope'"],
  ])('%j: %s', async (args, message) => {
    const result = await inProcess(gitRepository()).prov('init', ...args)
    expect(result.status).toBe(2)
    expect(result.stderr.startsWith(message)).toBe(true)
  })

  it('says so outside a repository', async () => {
    const test = gitRepository()
    const result = await inProcess(test, {
      cwd: '/',
    }).prov('init')
    expect(result).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('error: / is not inside a git repository\n'),
    })
  })
})

describe('git prov dataset', () => {
  it('add, list, verify, remove', async () => {
    const test = provRepository()
    test.write({ 'data/val/v.csv': 'v\n' })
    expect(await inProcess(test).ok('dataset', 'add', 'val', 'data/val')).toMatch(
      /^prov: val {2}data\/val {2}[0-9a-f]{6} \(1 file, 2 B\)\n$/,
    )
    expect(await inProcess(test).prov('dataset', 'add', 'val', 'data/val')).toMatchObject({
      status: 2,
      stderr: "error: dataset 'val' already exists (data/val)\nhint:  git prov dataset remove val\n",
    })
    expect(await inProcess(test).prov('dataset', 'add', 'x', 'nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there is nothing at 'nowhere'"),
    })
    test.commit('x')
    expect(await inProcess(test).ok('dataset', 'verify')).toMatch(
      /^train {2}\w{6} as recorded\nval {2}\w{6} as recorded\n$/,
    )
    test.write({ 'data/val/v.csv': 'changed' })
    expect(await inProcess(test).prov('dataset', 'verify', 'val')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^val {2}differs: 1 uncommitted change/),
    })
    await inProcess(test).ok('dataset', 'remove', 'val')
    expect(await inProcess(test).ok('dataset', 'list')).toMatch(/^train {2}data\/train {2}\w{6} \(1 file, 2 B\)\n$/)
  })
})
