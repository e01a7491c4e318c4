import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { provRepository, type TestRepository } from '../support/repository.ts'

function filtered(...words: string[]): { test: TestRepository; before: string[]; after: string[] } {
  const test = provRepository()
  test.env.PATH = `${resolve(import.meta.dirname, '../../.ci/tools/venv/bin')}:${test.env.PATH}`
  test.commit('a weight too many', { 'weights.bin': 'w' })
  test.commit('more', { 'code.py': '1\n' })
  const commits = () => test.git('rev-list', '--max-count=1', 'main').split('\n')
  const before = commits()
  const ran = test.run('git', ['filter-repo', '--force', '--invert-paths', '--path', 'weights.bin', ...words])
  expect([ran.status, ran.stderr]).toEqual([0, expect.any(String)])
  return { test, before, after: commits() }
}

it.each([
  ['the branch of the code', ['--refs', 'main']],
  ['every branch', []],
])('git filter-repo of %s: each commit is tied to what it was, once and by itself', (_, words) => {
  const { test, before, after } = filtered(...words)
  expect(after).not.toEqual(before)
  const log = test.prov('log', '-n', '1')
  expect(log.stdout).toContain(`prov  rewritten from ${before[0]?.slice(0, 7)}\n`)
  expect(log.stderr).toBe('prov: 1 commit linked to the commits git filter-repo made of them\n')
  expect(test.prov('log', '-n', '1').stderr).toBe('')
  expect(test.show('HEAD').about.commit).toBe(before[0])
  expect(test.ok('verify')).toContain('every one matches its name')
  expect(test.ok('capture', '--commit-map', join('.git/filter-repo/commit-map'))).toBe(
    'prov: 0 commits linked to the commits they were rewritten from\n',
  )
})
