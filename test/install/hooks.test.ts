import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Repository } from '../../src/git/repository.ts'
import { hookNames, hookScript } from '../../src/install/hook-script.ts'
import { detectManager, hooksFolder, inspectHooks, installHooks, uninstallHooks } from '../../src/install/hooks.ts'
import { Journal } from '../../src/install/journal.ts'
import { repositoryOf } from '../support/ledger.ts'
import { gitRepository, hookEntry, TestRepository } from '../support/repository.ts'

const place = { node: process.execPath, hook: hookEntry, lfs: false }
const journalOf = (repository: Repository) => new Journal(join(repository.commonDir, 'prov'))

let test: TestRepository
let repository: Repository
beforeEach(() => {
  test = gitRepository({ 'a.txt': 'a\n' })
  test.commit('x')
  repository = repositoryOf(test)
})

const install = () => installHooks(repository, journalOf(repository), place)
const uninstall = () => uninstallHooks(repository, journalOf(repository))
const read = (path: string) => readFileSync(join(test.path, path), 'utf8')
const states = () => new Set(inspectHooks(repository, place).map(({ state }) => state))

/** Every file of the work tree and of the hooks folder: its mode and its bytes. */
function files(): Record<string, string> {
  const all = readdirSync(test.path, { recursive: true, encoding: 'utf8' })
  const wanted = all.filter((path) => !path.startsWith('.git/') || path.startsWith('.git/hooks/'))
  return Object.fromEntries(
    wanted.flatMap((path) => {
      const stats = statSync(join(test.path, path))
      return stats.isFile() ? [[path, `${(stats.mode & 0o777).toString(8)} ${read(path)}`]] : []
    }),
  )
}

describe('hooks of a repository without a hook manager', () => {
  it('are the executable script for each name, and nothing else', async () => {
    const before = files()
    expect(await install()).toBe(true)
    const ours = hookNames.map((name) => [`.git/hooks/${name}`, `755 ${hookScript(name, place)}`])
    expect(files()).toEqual({ ...before, ...Object.fromEntries(ours) })
  })

  it('are installed only once', async () => {
    await install()
    const once = files()
    expect(await install()).toBe(false)
    expect(files()).toEqual(once)
  })

  it('leave every file as it was when removed', async () => {
    const before = files()
    await install()
    uninstall()
    expect(files()).toEqual(before)
  })

  it('leave no folder behind that was not there', async () => {
    rmSync(join(test.path, '.git/hooks'), { recursive: true })
    await install()
    uninstall()
    expect(existsSync(join(test.path, '.git/hooks'))).toBe(false)
  })
})

describe('an existing hook', () => {
  const theirs = "#!/usr/bin/env python3\nprint('\u00e9')"
  beforeEach(() => {
    writeFileSync(join(test.path, '.git/hooks/post-commit'), theirs)
    chmodSync(join(test.path, '.git/hooks/post-commit'), 0o700)
  })

  it('keeps its bytes and mode beside ours', async () => {
    await install()
    expect(files()['.git/hooks/post-commit.before-git-prov']).toBe(`700 ${theirs}`)
    expect(read('.git/hooks/post-commit')).toBe(hookScript('post-commit', place))
  })

  it('gets back its name, bytes and mode', async () => {
    const before = files()
    await install()
    await install()
    uninstall()
    expect(files()).toEqual(before)
  })
})

describe('a hook that overwrote ours', () => {
  it('is found, and ours is restored beside it', async () => {
    await install()
    writeFileSync(join(test.path, '.git/hooks/post-merge'), '#!/bin/sh\n# theirs\n')
    expect(inspectHooks(repository, place).filter(({ state }) => state !== 'installed')).toEqual([
      { name: 'post-merge', path: join(test.path, '.git/hooks/post-merge'), state: 'overwritten' },
    ])
    await install()
    expect(states()).toEqual(new Set(['installed']))
    expect(read('.git/hooks/post-merge.before-git-prov')).toBe('#!/bin/sh\n# theirs\n')
  })
})

describe('the state of hooks', () => {
  it('absent, installed, or of a git-prov that has moved', async () => {
    expect(states()).toEqual(new Set(['absent']))
    await install()
    expect(states()).toEqual(new Set(['installed']))
    const elsewhere = inspectHooks(repository, { ...place, hook: '/elsewhere/hook.cjs' })
    expect(new Set(elsewhere.map(({ state }) => state))).toEqual(new Set(['moved']))
  })

  it('a path with a quote in it is read back unchanged', async () => {
    const odd = join(test.path, "it's", 'hook.cjs')
    test.write({ "it's/hook.cjs": '' })
    const there = { ...place, hook: odd }
    await installHooks(repository, journalOf(repository), there)
    expect(new Set(inspectHooks(repository, there).map(({ state }) => state))).toEqual(new Set(['installed']))
    rmSync(odd)
    expect(new Set(inspectHooks(repository, there).map(({ state }) => state))).toEqual(new Set(['moved']))
  })
})

describe('a linked work tree', () => {
  it('has the hooks of its repository', async () => {
    test.git('worktree', 'add', '--quiet', '../linked')
    const linked = repositoryOf(new TestRepository(join(test.path, '../linked'), test.env))
    expect(hooksFolder(linked)).toBe(join(test.path, '.git/hooks'))
    await installHooks(linked, journalOf(linked), place)
    expect(states()).toEqual(new Set(['installed']))
  })
})

describe('core.hooksPath', () => {
  const block = (name: string, input = '') =>
    `# git-prov: begin\ncommand -v git-prov >/dev/null 2>&1 && git-prov hook ${name} "$@"${input} || :\n# git-prov: end\n`

  it('outside the work tree is where the hooks are installed', async () => {
    test.git('config', 'core.hooksPath', join(test.path, '../hooks'))
    await install()
    expect(readdirSync(join(test.path, '../hooks')).sort()).toEqual([...hookNames].sort())
    uninstall()
    expect(existsSync(join(test.path, '../hooks'))).toBe(false)
  })

  it('in the work tree is a shared folder: a block without paths of this machine', async () => {
    test.write({ 'hooks/post-commit': '#!/bin/sh\necho theirs' })
    test.git('config', 'core.hooksPath', 'hooks')
    const before = files()
    expect(detectManager(repository)).toBe('shared folder')
    await install()
    expect(read('hooks/post-commit')).toBe(`#!/bin/sh\necho theirs\n${block('post-commit')}`)
    expect(read('hooks/pre-push')).toBe(`#!/bin/sh\n${block('pre-push', ' </dev/null')}`)
    expect(states()).toEqual(new Set(['installed']))
    uninstall()
    expect(files()).toEqual(before)
  })

  it('a shared hook edited since loses our block and nothing else', async () => {
    test.write({ 'hooks/post-commit': '#!/bin/sh\necho theirs\n' })
    test.git('config', 'core.hooksPath', 'hooks')
    await install()
    writeFileSync(join(test.path, 'hooks/post-commit'), `${read('hooks/post-commit')}echo more\n`)
    uninstall()
    expect(read('hooks/post-commit')).toBe('#!/bin/sh\necho theirs\necho more\n')
  })

  it('of husky is recognised by its folder: its own files have no shebang', async () => {
    test.write({ '.husky/_/post-commit': '#!/usr/bin/env sh\n. "$(dirname "$0")/h"' })
    test.git('config', 'core.hooksPath', '.husky/_')
    const before = files()
    expect(detectManager(repository)).toBe('husky')
    await install()
    expect(read('.husky/post-commit')).toBe(block('post-commit'))
    expect(read('.husky/_/post-commit')).toBe('#!/usr/bin/env sh\n. "$(dirname "$0")/h"')
    uninstall()
    expect(files()).toEqual(before)
  })
})

describe('lefthook', () => {
  const shared = '# ours\npost-commit:\n  jobs:\n    - run: echo theirs\n'

  it('gets a job in its local file for the hooks it manages; the others are ours', async () => {
    test.write({ 'lefthook.yml': shared })
    expect(detectManager(repository)).toBe('lefthook')
    await install()
    expect(read('lefthook-local.yml')).toBe(
      'post-commit:\n  jobs:\n    - name: git-prov\n      run: git-prov hook post-commit {0}\n',
    )
    expect(read('lefthook.yml')).toBe(shared)
    expect(existsSync(join(test.path, '.git/hooks/post-commit'))).toBe(false)
    expect(read('.git/hooks/post-merge')).toBe(hookScript('post-merge', place))
    expect(states()).toEqual(new Set(['installed']))
  })

  it('keeps the comments and jobs of a local file, which is restored byte for byte', async () => {
    const local = '# mine\npost-commit:\n  jobs:\n    - run: echo mine # loud\n'
    test.write({ 'lefthook.yml': shared, 'lefthook-local.yml': local })
    const before = files()
    await install()
    expect(read('lefthook-local.yml')).toBe(`${local}    - name: git-prov\n      run: git-prov hook post-commit {0}\n`)
    uninstall()
    expect(files()).toEqual(before)
  })

  it('passes post-rewrite its input', async () => {
    test.write({ 'lefthook.yml': 'post-rewrite:\n  jobs: []\n' })
    await install()
    expect(read('lefthook-local.yml')).toContain('use_stdin: true')
  })
})

it('pre-commit is recognised by the hook it writes', () => {
  test.write({
    '.git/hooks/pre-commit': '#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n',
  })
  expect(detectManager(repository)).toBe('pre-commit')
})

it.each([
  ['post-commit', true],
  ['post-merge', true],
  ['pre-push', true],
  ['post-rewrite', false],
] as const)('git lfs has its turn in %s: %s', (name, hasTurn) => {
  expect(/^lfs='?yes'?$/m.test(hookScript(name, { ...place, lfs: true }))).toBe(hasTurn)
  expect(/^lfs='?yes'?$/m.test(hookScript(name, place))).toBe(false)
})
