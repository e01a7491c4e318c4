import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GitServer } from '../support/http-server.ts'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, entry, gitRepository, TestRepository, temporaryFolder } from '../support/repository.ts'
import { allowSigners, signWith } from '../support/signing.ts'

/** A bare repository with a branch, and a clone of it that shares provenance there. */
async function shared(): Promise<{ hub: TestRepository; mei: TestRepository }> {
  const mei = gitRepository({ 'data/a.csv': 'a\n' })
  mei.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
  const hub = new TestRepository(join(mei.path, '../hub.git'), mei.env)
  mei.git('remote', 'add', 'origin', hub.path)
  mei.git('config', 'prov.syncBudget', '30')
  await inProcess(mei).ok('init', '--remote', 'origin')
  mei.commit('Baseline')
  // Without the hook, whose first sync goes on in the background.
  mei.git('push', '--quiet', '--no-verify', '--set-upstream', 'origin', 'HEAD')
  await inProcess(mei).ok('sync', '--wait')
  return { hub, mei }
}

/** Another person's clone, connected. */
async function teammate(hub: TestRepository): Promise<TestRepository> {
  const clone = cloneOf(hub)
  clone.git('config', 'prov.syncBudget', '30')
  await inProcess(clone).ok('init', '--remote', 'origin')
  return clone
}

const push = (test: TestRepository) => test.git('push', '--quiet', '--set-upstream', 'origin', 'HEAD')
const tip = (test: TestRepository) => test.git('rev-parse', 'prov')
const inboxes = (hub: TestRepository) => hub.git('for-each-ref', 'refs/prov/inbox/').split('\n').filter(Boolean)

describe('git prov sync', () => {
  it('reports what was sent and received in one line, and sends nothing twice', async () => {
    const { hub, mei } = await shared()
    const lee = await teammate(hub)
    mei.commit('mine')
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  1 record sent\n')
    lee.commit('theirs')
    expect(await inProcess(lee).ok('sync')).toBe('prov: origin  1 record received, 1 record sent\n')
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  1 record received\n')
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  up to date\n')
    expect(tip(mei)).toBe(tip(lee))
    expect(tip(mei)).toBe(tip(hub))
    expect(JSON.parse(await inProcess(mei).ok('sync', '--json'))).toMatchObject([
      { remote: 'origin', state: 'up-to-date', received: 0, sent: 0, folded: 0, races: 0 },
    ])
  })

  it('--no-push only receives', async () => {
    const { hub, mei } = await shared()
    const lee = await teammate(hub)
    mei.commit('mine')
    await inProcess(mei).ok('sync')
    lee.commit('theirs')
    expect(await inProcess(lee).ok('sync', '--no-push')).toBe('prov: origin  1 record received\n')
    expect(tip(hub)).not.toBe(tip(lee))
  })

  it('--dry-run shows what would go where, without connecting', async () => {
    const { hub, mei } = await shared()
    mei.commit('mine')
    const before = tip(hub)
    rmSync(hub.path, { recursive: true })
    expect(before).not.toBe('')
    expect(await inProcess(mei).ok('sync', '--dry-run')).toBe(
      `prov: 1 record in 1 commit of prov would go to origin (${hub.path})\nprov: nothing was sent; 1 remote may get provenance from this clone\n`,
    )
  })

  it('folds in the inbox of another clone and clears it', async () => {
    const { hub, mei } = await shared()
    const lee = await teammate(hub)
    lee.commit('theirs')
    lee.git('push', '--quiet', '--no-verify', 'origin', 'prov:refs/prov/inbox/0123456789abcdef')
    mei.commit('mine')
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  1 record received, 2 records sent, 1 inbox folded in\n')
    expect(inboxes(hub)).toEqual([])
    expect(await inProcess(lee).ok('sync')).toBe('prov: origin  1 record received\n')
    expect(lee.git('for-each-ref', 'refs/prov/remotes/')).toBe('')
  })

  it('the second sync that sees the inbox of a killed clone clears it', async () => {
    const { hub, mei } = await shared()
    hub.git('update-ref', 'refs/prov/inbox/0123456789abcdef', 'prov~1')
    await inProcess(mei).ok('sync')
    expect(inboxes(hub)).toHaveLength(1)
    await inProcess(mei).ok('sync')
    expect(inboxes(hub)).toEqual([])
  })

  it('leaves records in its inbox when every race is lost; the next sync by anyone brings them to the branch', async () => {
    const { hub, mei } = await shared()
    const lee = await teammate(hub)
    // A server on which somebody else is always first.
    hub.git('config', 'user.name', 'Busy')
    hub.git('config', 'user.email', 'busy@example.org')
    const first = 'git update-ref "$1" $(git commit-tree -p "$1" -m busy "$1^{tree}")'
    hub.write({ 'hooks/update': `#!/bin/sh\n[ "$1" != refs/heads/prov ] || ${first}\n` })
    hub.run('chmod', ['+x', join(hub.path, 'hooks/update')])
    mei.commit('mine')
    expect(await inProcess(mei).ok('sync')).toBe(
      "prov: origin  busy: ours is in this clone's inbox there, for the next sync to fold in\n",
    )
    expect(inboxes(hub)).toHaveLength(1)
    rmSync(join(hub.path, 'hooks/update'))
    expect(await inProcess(lee).ok('sync')).toBe('prov: origin  1 record received, 1 record sent, 1 inbox folded in\n')
    expect(inboxes(hub)).toEqual([])
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  up to date\n')
    expect(tip(mei)).toBe(tip(lee))
  }, 60_000)

  it('repeats what a refusing server says, and keeps its records', async () => {
    const { hub, mei } = await shared()
    hub.write({ 'hooks/pre-receive': '#!/bin/sh\necho "only Mondays" >&2; exit 1\n' })
    hub.run('chmod', ['+x', join(hub.path, 'hooks/pre-receive')])
    mei.commit('mine')
    const refused = await inProcess(mei).prov('sync')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('error: origin rejected refs/heads/prov')
    expect(refused.stderr).toContain('only Mondays')
  })

  it('keeps its records when the remote is unreachable, and says so', async () => {
    const { hub, mei } = await shared()
    mei.commit('mine')
    rmSync(hub.path, { recursive: true })
    const away = await inProcess(mei).prov('sync')
    expect(away.status).toBe(2)
    expect(away.stderr).toContain('error: origin cannot be reached')
    expect(away.stderr).toContain('hint:  what was recorded stays here; git prov sync sends it')
    expect(mei.captures()).toHaveLength(1)
    expect(await inProcess(mei).ok('status')).toContain('the last sync sent nothing: origin cannot be reached')
  })

  it('sends snapshots only on request', async () => {
    const { hub, mei } = await shared()
    mei.git('update-ref', 'refs/prov/snapshots/x', 'HEAD')
    mei.commit('one')
    await inProcess(mei).ok('sync')
    expect(hub.git('for-each-ref', 'refs/prov/snapshots/')).toBe('')
    mei.commit('two')
    await inProcess(mei).ok('sync', '--snapshots')
    expect(mei.git('rev-parse', 'refs/prov/snapshots/x')).not.toBe('')
    expect(hub.git('for-each-ref', '--format=%(refname)', 'refs/prov/snapshots/')).toBe('refs/prov/snapshots/x')
  })
})

describe('git push and git pull', () => {
  it('share without another command', async () => {
    const { hub, mei } = await shared()
    const lee = await teammate(hub)
    mei.commit('mine')
    const pushed = mei.run('git', ['push', 'origin', 'main'])
    expect(pushed.stderr).toContain('prov: origin  1 record sent\n')
    expect(tip(hub)).toBe(tip(mei))
    expect(lee.run('git', ['pull', '--quiet']).stderr).toBe('prov: 1 record received\n')
    expect(lee.captures()).toHaveLength(1)
  })

  it('do not share with prov.sync manual', async () => {
    const { hub, mei } = await shared()
    mei.git('config', 'prov.sync', 'manual')
    mei.commit('mine')
    const before = tip(hub)
    push(mei)
    expect(tip(hub)).toBe(before)
  })

  it('an unreachable provenance remote does not fail a push', async () => {
    const { mei } = await shared()
    mei.git('init', '--quiet', '--bare', '../elsewhere.git')
    mei.git('remote', 'add', 'elsewhere', join(mei.path, '../elsewhere.git'))
    mei.git('config', 'prov.syncBudget', '1')
    mei.git('config', 'remote.origin.url', '/nowhere/at/all')
    mei.commit('mine')
    expect(mei.run('git', ['push', '--quiet', 'elsewhere', 'main']).status).toBe(0)
  })

  it('a provenance remote that does not answer does not delay a push', async () => {
    const server = await GitServer.start()
    const hub = server.create('hub')
    const mei = gitRepository({ 'data/a.csv': 'a\n' })
    mei.git('init', '--quiet', '--bare', '../elsewhere.git')
    mei.git('remote', 'add', 'elsewhere', join(mei.path, '../elsewhere.git'))
    mei.git('remote', 'add', 'origin', server.url('hub'))
    const start = (...words: string[]) => mei.start('git', words)
    await mei.start(process.execPath, [entry, 'init', '--remote', 'origin'])
    mei.commit('Baseline')
    await start('push', '--quiet', '--no-verify', 'origin', 'main')
    expect(await mei.start(process.execPath, [entry, 'sync'])).toMatchObject({ status: 0, stderr: '' })
    mei.git('config', 'prov.syncBudget', '1')
    const commit = mei.commit('mine')
    server.held = []
    expect(await start('push', '--quiet', 'elsewhere', 'main')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'prov: origin is slow; provenance is being sent in the background (git prov status)\n',
    })
    expect(server.held.length).toBeGreaterThan(0)
    expect(mei.git('rev-parse', 'elsewhere/main')).toBe(commit)
    server.release()
    expect(await mei.start(process.execPath, [entry, 'sync'])).toMatchObject({ status: 0, stderr: '' })
    expect(tip(hub)).toBe(tip(mei))
  })

  it('an existing hook still gets its input and can still refuse', async () => {
    const mei = gitRepository({ 'data/a.csv': 'a\n' })
    mei.write({ '.git/hooks/pre-push': '#!/bin/sh\ncat >.git/seen\necho "$@" >>.git/seen\nexit 3\n' })
    mei.run('chmod', ['+x', join(mei.path, '.git/hooks/pre-push')])
    mei.git('init', '--quiet', '--bare', '../hub.git')
    mei.git('remote', 'add', 'origin', join(mei.path, '../hub.git'))
    await inProcess(mei).ok('init', '--remote', 'origin')
    const commit = mei.commit('one')
    expect(mei.run('git', ['push', 'origin', 'main']).status).toBe(1)
    const seen = mei.run('cat', ['.git/seen']).stdout
    expect(seen).toContain(`refs/heads/main ${commit} refs/heads/main`)
    expect(seen).toContain('origin')
  })
})

describe('provenance is not sent', () => {
  it.each([
    ['no remote was chosen', [], [], 'no remote has been chosen', 'git prov init --remote origin'],
    [
      'another remote was chosen',
      ['config', 'prov.remote', 'other'],
      ['origin'],
      'origin has not been chosen',
      '--remote origin',
    ],
    [
      'there is no such remote',
      ['config', 'prov.remote', 'gone'],
      [],
      "there is no remote 'gone'",
      'one of: origin, other',
    ],
  ])('when %s', async (_, config, words, message, hint) => {
    const { hub, mei } = await shared()
    mei.git('remote', 'add', 'other', join(mei.path, '../other.git'))
    mei.git('config', '--unset-all', 'prov.remote')
    if (config.length > 0) mei.git(...config)
    mei.commit('mine')
    const before = tip(hub)
    const refused = await inProcess(mei).prov('sync', ...words)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain(message)
    expect(refused.stderr).toContain(hint)
    // A remote that is away is tried again for as long as a push may wait.
    mei.git('config', 'prov.syncBudget', '1')
    push(mei)
    expect(tip(hub)).toBe(before)
  })

  it('when the URL of the remote has changed since it was chosen, until it is chosen again', async () => {
    const { mei } = await shared()
    mei.git('clone', '--quiet', '--bare', '../hub.git', '../fork.git')
    const fork = new TestRepository(join(mei.path, '../fork.git'), mei.env)
    mei.commit('mine')
    mei.git('remote', 'set-url', 'origin', fork.path)
    const refused = await inProcess(mei).prov('sync')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/^error: origin is now .*fork\.git; it was .*hub\.git when it was chosen/)
    push(mei)
    expect(tip(fork)).not.toBe(tip(mei))
    await inProcess(mei).ok('init', '--remote', 'origin')
    await inProcess(mei).ok('sync')
    expect(tip(fork)).toBe(tip(mei))
  })

  it('when a pushurl or url.insteadOf was added', async () => {
    const { mei } = await shared()
    mei.git('config', 'remote.origin.pushurl', '/somewhere/else.git')
    expect((await inProcess(mei).prov('sync')).stderr).toContain('origin is now /somewhere/else.git')
    mei.git('config', '--unset', 'remote.origin.pushurl')
    mei.git('config', `url./evil/.insteadOf`, `${join(mei.path, '..')}/`)
    expect((await inProcess(mei).prov('sync')).stderr).toContain('origin is now /evil/hub.git')
  })

  it('before the remote has a branch of its own', async () => {
    const mei = gitRepository({ 'data/a.csv': 'a\n' })
    mei.git('init', '--quiet', '--bare', '../hub.git')
    mei.git('remote', 'add', 'origin', join(mei.path, '../hub.git'))
    await inProcess(mei).ok('init', '--remote', 'origin')
    mei.commit('one')
    const refused = await inProcess(mei).prov('sync')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('origin has no branches yet; provenance is never pushed first')
    expect(mei.git('ls-remote', 'origin')).toBe('')
  })

  it('a password in a URL is not stored and does not count as a change', async () => {
    const { mei } = await shared()
    mei.git('remote', 'add', 'web', 'https://mei:secret@127.0.0.1:1/x.git')
    await inProcess(mei).prov('init', '--remote', 'web')
    expect(mei.git('config', 'remote.web.provUrl')).toBe('https://127.0.0.1:1/x.git')
    mei.git('remote', 'set-url', 'web', 'https://mei:other@127.0.0.1:1/x.git')
    expect((await inProcess(mei).prov('sync', 'web')).stderr).toContain('web cannot be reached')
  })
})

describe('a separate remote for provenance', () => {
  it('gets provenance and no code; a clone finds it by the proposal in prov.yaml', async () => {
    const { hub, mei } = await shared()
    mei.git('init', '--quiet', '--bare', '../private.git')
    const secret = new TestRepository(join(mei.path, '../private.git'), mei.env)
    mei.git('config', '--unset-all', 'prov.remote')
    expect(await inProcess(mei).ok('init', '--remote', secret.path)).toContain(
      `provenance goes to provenance (${secret.path})`,
    )
    const text = mei.run('cat', ['prov.yaml']).stdout
    mei.commit('private', { 'prov.yaml': `${text}share:\n  url: ${secret.path}\n` })
    const before = tip(hub)
    push(mei)
    expect(tip(secret)).toBe(tip(mei))
    expect(tip(hub)).toBe(before)
    expect(secret.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/prov')
    const lee = cloneOf(hub)
    expect(await inProcess(lee).ok('init')).toContain(
      `nothing is sent anywhere yet; to share: git prov init --remote ${secret.path}`,
    )
    await inProcess(lee).ok('init', '--remote', secret.path)
    expect(lee.captures()).toHaveLength(1)
  })

  it.each(['ext::sh -c touch% /tmp/x', '--upload-pack=touch x', 'no-such-name'])('is not %s', async (address) => {
    const { mei } = await shared()
    const refused = await inProcess(mei).prov('init', `--remote=${address}`)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('there is no remote')
  })
})

/** Not spawnSync: the server runs in this process. */
const spawned = (test: TestRepository, program: string, ...args: string[]) =>
  program === 'git-prov' ? test.start(process.execPath, [entry, ...args]) : test.start(program, args)

it('works over smart HTTP', async () => {
  const server = await GitServer.start()
  const hub = server.create('model')
  const mei = gitRepository({ 'data/a.csv': 'a\n' })
  mei.git('remote', 'add', 'origin', server.url('model'))
  await spawned(mei, 'git-prov', 'init', '--remote', 'origin')
  mei.commit('one')
  const said = await spawned(mei, 'git', 'push', '--quiet', 'origin', 'main')
  expect(said.status).toBe(0)
  expect((await spawned(mei, 'git-prov', 'sync', '--wait')).status).toBe(0)
  expect(tip(hub)).toBe(tip(mei))
  const path = join(temporaryFolder(), 'lee')
  await spawned(mei, 'git', 'clone', '--quiet', server.url('model'), path)
  const lee = new TestRepository(path, mei.env)
  await spawned(lee, 'git-prov', 'init', '--remote', 'origin')
  expect(lee.captures()).toHaveLength(1)
  const before = server.requests.length
  expect((await spawned(lee, 'git-prov', 'sync')).stdout).toBe('prov: origin  up to date\n')
  // Nothing new is one conversation: the greeting and one question.
  expect(server.requests.length - before).toBe(2)
})

describe('a remote whose history was replaced', () => {
  it('is reported, and gets back what was lost', async () => {
    const { hub, mei } = await shared()
    mei.commit('second')
    await inProcess(mei).ok('sync')
    hub.git('update-ref', 'refs/heads/prov', 'refs/heads/prov~1')
    const told = await inProcess(mei).prov('sync')
    expect(told.status).toBe(0)
    expect(told.stdout).toMatch(
      /^prov: origin {2}1 record sent\nprov: the history on origin was replaced: it no longer holds \w{10}, which it had; what was lost is restored there; git prov verify --signatures\n$/,
    )
    expect(JSON.parse(await inProcess(mei).ok('sync', '--json'))[0].replaced).toBeUndefined()
    expect(tip(hub)).toBe(tip(mei))
  })
})

describe('prov.seal = push', () => {
  it('seals new records once before they are sent, and a missing key delays nothing', async () => {
    const { mei } = await shared()
    mei.git('config', 'prov.seal', 'push')
    mei.commit('without a key')
    const without = await inProcess(mei).prov('sync')
    expect(without).toMatchObject({ status: 0, stdout: 'prov: origin  1 record sent\n' })
    expect(without.stderr).toMatch(/^prov: not sealed: the commit on the branch could not be signed/)
    const signers = allowSigners(mei, signWith(mei, 'mei@example.org'))
    mei.commit('with one')
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  2 records sent\n')
    const sealed = tip(mei)
    await inProcess(mei).ok('verify', '--allowed-signers', signers)
    expect(await inProcess(mei).ok('sync')).toBe('prov: origin  up to date\n')
    expect(tip(mei)).toBe(sealed)
  })
})
