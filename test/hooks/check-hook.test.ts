import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entry, gitRepository, type TestRepository } from '../support/repository.ts'

const bad = { 'decisions/a.yaml': 'title: a\nstatus: open\n' }
const good = { 'decisions/a.yaml': 'title: a\nstatus: draft\n' }

function repository(files: Record<string, string> = {}): TestRepository {
  const test = gitRepository({ 'a.txt': 'a\n', ...files })
  const bin = join(test.path, '../bin')
  mkdirSync(bin)
  symlinkSync(entry, join(bin, 'git-prov'))
  test.env.PATH = `${bin}:${test.env.PATH}`
  return test
}

it('a commit is checked only if requested, and only for what it changes', () => {
  const test = repository()
  test.ok('init')
  test.commit('not asked for', bad)
  test.ok('init', '--check-hook')
  expect(test.ok('init', '--check-hook')).toContain('everything is already set up')
  test.commit('something else', { 'b.txt': 'b\n' })
  test.write({ 'decisions/a.yaml': 'title: b\nstatus: open\n' })
  const refused = test.run('git', ['commit', '--all', '-m', 'worse'])
  expect(refused.status).toBe(1)
  expect(refused.stdout + refused.stderr).toContain('decisions/a.yaml:2:9: status must be one of draft')
  test.git('commit', '--quiet', '--all', '--no-verify', '-m', 'all the same')
  test.commit('mended', good)
})

it('the policy can request it, too; an existing hook stays, and is restored byte for byte', () => {
  const test = repository({ 'prov.yaml': 'version: 1\npolicy:\n  checks: {hook: true}\n' })
  const hook = join(test.path, '.git/hooks/pre-commit')
  const before = '#!/bin/sh\necho mine >&2\n'
  writeFileSync(hook, before, { mode: 0o755 })
  expect(test.ok('init')).toContain('git prov check runs before each commit')
  test.write(bad)
  test.git('add', '--all')
  expect(test.run('git', ['commit', '-m', 'x']).status).toBe(1)
  test.write(good)
  test.git('add', '--all')
  const done = test.run('git', ['commit', '-m', 'x'])
  expect(done).toMatchObject({ status: 0 })
  expect(done.stderr).toContain('mine')
  test.ok('init', '--uninstall')
  expect(readFileSync(hook, 'utf8')).toBe(before)
})

it('a bug of ours stops no commit', () => {
  const test = repository()
  test.ok('init', '--check-hook')
  test.commit('a configuration nobody can read', { 'prov.yaml': 'version: [\n' })
  test.env.PATH = test.env.PATH?.split(':').slice(1).join(':') ?? ''
  test.commit('without git-prov', bad)
})

it('--role sets the role decisions are written in', () => {
  const test = repository()
  expect(test.prov('init', '--role', 'trianer')).toMatchObject({
    status: 2,
    stderr: "error: there is no role 'trianer'\nhint:  did you mean 'trainer'?\n",
  })
  expect(test.ok('init', '--role', 'trainer')).toContain('decisions use the role trainer')
  test.commit('first')
  const file = test.ok('decision', 'new', 'A thing').trimEnd()
  expect(readFileSync(join(test.path, file), 'utf8')).toContain('role: trainer\n')
  test.ok('init', '--uninstall')
  expect(test.run('git', ['config', 'prov.role']).status).toBe(1)
})
