import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { installCheckHook, uninstallCheckHook } from '../../src/install/check-hook.ts'
import { installGuard, uninstallGuard } from '../../src/install/guard-hook.ts'
import { Journal } from '../../src/install/journal.ts'
import { repositoryOf } from '../support/ledger.ts'
import { gitRepository, hookEntry, type TestRepository } from '../support/repository.ts'

const place = { node: process.execPath, hook: hookEntry, lfs: false }
let test: TestRepository
let hook: string
const write = (text: string) => {
  writeFileSync(hook, text)
  chmodSync(hook, 0o755)
}

describe('the check before a commit', () => {
  beforeEach(() => {
    test = gitRepository()
    hook = join(test.path, '.git/hooks/pre-commit')
  })
  const journal = () => new Journal(join(test.path, '.git/prov'))
  const install = () => installCheckHook(repositoryOf(test), journal())
  const uninstall = () => uninstallCheckHook(repositoryOf(test), journal())

  it.each([
    ['no hook', undefined, '#!/bin/sh\n', ''],
    ['a shell script', '#!/usr/bin/env bash\necho theirs\n', '#!/usr/bin/env bash\n', 'echo theirs\n'],
    ['a script without a first line', 'echo theirs\n', '#!/bin/sh\n', 'echo theirs\n'],
  ])('goes before an existing hook, which is restored byte for byte: %s', (_, theirs, first, rest) => {
    if (theirs !== undefined) write(theirs)
    expect(install()).toBe('git prov check runs before each commit, on what it changes')
    const text = readFileSync(hook, 'utf8')
    expect(text.startsWith(`${first}# git-prov check: begin\n`)).toBe(true)
    expect(text.endsWith(`# git-prov check: end\n${rest}`)).toBe(true)
    expect(statSync(hook).mode & 0o111).toBe(0o111)
    expect(install()).toBeUndefined()
    uninstall()
    expect(existsSync(hook) ? readFileSync(hook, 'utf8') : undefined).toBe(theirs)
  })

  it('is removed from a hook edited since, and the edit stays', () => {
    write('#!/bin/sh\necho theirs\n')
    install()
    write(`${readFileSync(hook, 'utf8')}echo more\n`)
    uninstall()
    expect(readFileSync(hook, 'utf8')).toBe('#!/bin/sh\necho theirs\necho more\n')
  })

  it.each([
    ['a script in another language', { '.git/hooks/pre-commit': '#!/usr/bin/env python3\n' }, /is not a shell script/],
    ['lefthook', { 'lefthook.yml': 'pre-commit:\n' }, /add to lefthook's configuration/],
    ['pre-commit', { '.git/hooks/pre-commit': '#!/bin/sh\n# https://pre-commit.com\n' }, /add to pre-commit's config/],
  ])('%s is not touched, and the user is told what to add', (_, files, said) => {
    test.write(files as Record<string, string>)
    expect(install()).toMatch(said)
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(test.path, name), 'utf8')).toBe(text)
  })
})

describe('the guard of a server', () => {
  beforeEach(() => {
    test = gitRepository({}, '--bare')
    hook = join(test.path, 'hooks/pre-receive')
  })
  const install = (where = place) => installGuard(repositoryOf(test), where, 'refs/heads/prov')
  const receive = (ref: string) => test.run(hook, [], { input: `${'0'.repeat(40)} ${'0'.repeat(40)} ${ref}\n` })

  it('is installed once, and again when git-prov has moved', () => {
    expect([install(), install()]).toEqual([true, false])
    expect(install({ ...place, hook: '/elsewhere/hook.cjs' })).toBe(true)
    expect(readFileSync(hook, 'utf8')).toContain("cli='/elsewhere/git-prov.cjs'")
  })

  it('calls an existing hook first, and restores it', () => {
    write('#!/bin/sh\ncat >seen\necho no >&2; exit 3\n')
    const theirs = readFileSync(hook, 'utf8')
    install()
    expect(receive('refs/heads/main')).toMatchObject({ status: 3, stderr: 'no\n' })
    expect(readFileSync(join(test.path, 'seen'), 'utf8')).toContain('refs/heads/main')
    expect(uninstallGuard(repositoryOf(test))).toBe(true)
    expect(readFileSync(hook, 'utf8')).toBe(theirs)
    expect(uninstallGuard(repositoryOf(test))).toBe(false)
  })

  it('without git-prov accepts pushes without provenance, and refuses the others', () => {
    install({ ...place, hook: '/gone/hook.cjs' })
    expect(receive('refs/heads/main').status).toBe(0)
    for (const ref of ['refs/heads/prov', 'refs/prov/inbox/1'])
      expect(receive(ref)).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot run') })
  })

  it('leaves no hook when removed from a repository that had none', () => {
    install()
    uninstallGuard(repositoryOf(test))
    expect(existsSync(hook)).toBe(false)
  })

  it('is reported when it cannot be written', () => {
    rmSync(join(test.path, 'hooks'), { recursive: true, force: true })
    writeFileSync(join(test.path, 'hooks'), '')
    expect(() => install()).toThrow(`cannot write ${hook}`)
  })
})
