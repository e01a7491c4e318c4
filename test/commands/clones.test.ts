import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, TestRepository, temporaryFolder } from '../support/repository.ts'

/** A project of four commits, each with a capture, whose provenance is shared. */
async function origin(): Promise<TestRepository> {
  const test = gitRepository({ 'data/a.csv': 'a\n' })
  test.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
  const hub = new TestRepository(join(test.path, '../hub.git'), test.env)
  hub.git('config', 'uploadpack.allowFilter', 'true')
  hub.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  test.git('remote', 'add', 'origin', hub.path)
  await inProcess(test).ok('init', '--remote', 'origin')
  for (const name of ['one', 'two', 'three', 'four']) test.commit(name, { 'data/a.csv': `${name}\n` })
  test.git('push', '--quiet', '--no-verify', 'origin', 'main')
  await inProcess(test).ok('sync')
  return hub
}

const shown = async (clone: TestRepository) =>
  (await inProcess(clone).log('origin/main')).map(({ provenance }) => provenance.status)
const all = ['captured', 'captured', 'captured', 'captured']

describe('every kind of clone shows everything, or says what to type', () => {
  it.each([
    ['plain', []],
    ['--filter=blob:none', ['--filter=blob:none']],
    ['--filter=tree:0', ['--filter=tree:0']],
  ])('%s: at once', async (_, args) => {
    const clone = cloneOf(await origin(), ...args)
    expect(await shown(clone)).toEqual(all)
    expect((await inProcess(clone).prov('log', '-n', '1')).stderr).toBe('')
  })

  it.each([
    ['--depth 1', ['--depth=1'], 1],
    ['--single-branch', ['--single-branch'], 4],
  ])('%s: says git prov init, which fixes it', async (_, args, count) => {
    const clone = cloneOf(await origin(), ...args)
    expect((await inProcess(clone).prov('log', '-n', '1')).stderr).toContain('to see them: git prov init\n')
    await inProcess(clone).ok('init', '--no-remote')
    expect(await shown(clone)).toEqual(all.slice(0, count))
    expect((await inProcess(clone).prov('log', '-n', '1')).stderr).toBe('')
  })

  it('a mirror', async () => {
    const hub = await origin()
    const path = join(temporaryFolder(), 'mirror.git')
    hub.git('clone', '--quiet', '--mirror', hub.path, path)
    const mirror = new TestRepository(path, hub.env)
    expect((await inProcess(mirror).prov('log', '-n', '1', 'main')).stderr).toContain('to see them: git prov init\n')
    await inProcess(mirror).ok('init', '--no-remote')
    expect((await inProcess(mirror).log('main')).map(({ provenance }) => provenance.status)).toEqual(all)
  })

  it('a bundle on a USB stick', async () => {
    const hub = await origin()
    const stick = join(temporaryFolder(), 'prov.bundle')
    hub.git('bundle', 'create', '--quiet', stick, 'prov')
    const clone = cloneOf(hub, '--single-branch')
    clone.git('fetch', '--quiet', stick, 'prov:refs/remotes/stick/prov')
    expect((await inProcess(clone).prov('log', '-n', '1')).stderr).toContain('the records are on stick/prov')
    await inProcess(clone).ok('init', '--no-remote')
    expect(await shown(clone)).toEqual(all)
  })

  it('a fork, which gets what is pushed to it and none of our records', async () => {
    const hub = await origin()
    const path = join(temporaryFolder(), 'fork.git')
    hub.git('clone', '--quiet', '--bare', hub.path, path)
    const fork = new TestRepository(path, hub.env)
    const clone = cloneOf(fork)
    clone.git('remote', 'add', 'upstream', hub.path)
    await inProcess(clone).ok('init', '--remote', 'origin')
    expect(await shown(clone)).toEqual(all)
    clone.commit('mine')
    const before = hub.git('rev-parse', 'prov')
    await inProcess(clone).ok('sync')
    expect(fork.git('rev-parse', 'prov')).toBe(clone.git('rev-parse', 'prov'))
    expect(hub.git('rev-parse', 'prov')).toBe(before)
  })

  it("a CI's checkout: one commit, no branch, HEAD detached", async () => {
    const hub = await origin()
    const ci = gitRepository()
    ci.git('remote', 'add', 'origin', `file://${hub.path}`)
    ci.git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main')
    ci.git('checkout', '--quiet', '--detach', 'origin/main')
    expect((await inProcess(ci).prov('log')).stderr).toContain('to see them: git prov init\n')
    await inProcess(ci).ok('init', '--no-remote')
    expect((await inProcess(ci).log()).map(({ provenance }) => provenance.status)).toEqual(['captured'])
  })

  it('a blobless clone fetches what it lacks in one batch', async () => {
    const clone = cloneOf(await origin(), '--filter=blob:none')
    const trace = join(clone.path, '../trace')
    await inProcess(clone, {
      env: { GIT_TRACE2_EVENT: trace },
    }).prov('log', 'origin/main')
    const missing = clone.git('rev-list', '--objects', '--no-walk', '--missing=print', 'prov')
    expect(missing.split('\n').filter((line) => line.startsWith('?'))).toEqual([])
  })
})
