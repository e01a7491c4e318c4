import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, provRepository, TestRepository, temporaryFolder } from '../support/repository.ts'

const secret = 'correct horse battery staple'
const config = 'parameters: [params.yaml]\n'
const holding = (text: string) => ({ 'params.yaml': `note: ${text}\n`, 'prov.yaml': config })

/** Commits of which the third one's capture holds a secret no rule knows. */
function leaky(): TestRepository {
  const repository = provRepository(holding('first'))
  repository.commit('Second', holding('second'))
  repository.commit('Third', holding(secret))
  for (const n of [4, 5]) repository.commit(`${n}`, holding(`${n}`))
  return repository
}

/** Everything in the object store but what the code's own history holds. */
const everyObject = (repository: TestRepository) => {
  const prov = repository
    .git('rev-list', '--objects', 'main')
    .split('\n')
    .map((line) => line.split(' ')[0])
  const ours = new Set(prov)
  const all = repository.git('cat-file', '--batch-all-objects', '--batch-check').split('\n')
  const names = all.map((line) => line.split(' ')[0] as string).filter((oid) => !ours.has(oid))
  return repository.run('git', ['cat-file', '--batch'], { input: `${names.join('\n')}\n` }).stdout
}

const subjects = (repository: TestRepository) => repository.git('log', '--format=%s %an %at', 'prov').split('\n')

describe('git prov redact', () => {
  it('removes a record from every object, leaves a tombstone and a copy, and keeps the rest of history', async () => {
    const repository = leaky()
    const before = {
      subjects: subjects(repository),
      log: await inProcess(repository).log('main'),
      files: repository.branch(),
    }
    const { id } = await inProcess(repository).show('HEAD~2')
    const { status, stdout } = await inProcess(repository, { input: `${secret}\n` }).prov(
      'redact',
      id.slice(0, 12),
      '--stdin',
      '--reason',
      'A passphrase',
    )
    expect(stdout).toMatch(
      /^prov: records\/capture\/\S+ was removed; record [0-9a-f]{12} is the copy without it \(redaction [0-9a-f]{12}\)\n$/,
    )
    expect(status).toBe(0)
    expect(repository.ledgerText().includes(secret)).toBe(false)
    expect(everyObject(repository).includes(secret)).toBe(false)
    expect(subjects(repository).slice(1)).toEqual(before.subjects)
    const left = repository.branch()
    expect(before.files.filter((path) => !left.includes(path))).toEqual([expect.stringContaining(id)])
    const shown = await inProcess(repository).show('HEAD~2')
    expect(shown.parameters['params.yaml'].values.note).toMatch(/^<secret:[0-9a-f]{8}>$/)
    expect(shown.links).toContainEqual({ rel: 'wasRevisionOf', to: `record:${id}` })
    expect(
      (await inProcess(repository).log('main')).map(({ datasets, environment }) => [datasets, environment]),
    ).toEqual(before.log.map(({ datasets, environment }) => [datasets, environment]))
    expect(await inProcess(repository).ok('show', id.slice(0, 10))).toMatch(
      /^redaction .*\n[\s\S]*gone {2}records\/capture\/[\s\S]*A passphrase/,
    )
    expect(await inProcess(repository).ok('verify')).toMatch(/every one matches its name/)
    expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('')
    repository.commit('After', holding('after'))
    expect(repository.captures()).toHaveLength(1)
  })

  it('finds a record in an archive, even packed, and keeps the other records of the archive', async () => {
    const repository = leaky()
    const { id } = await inProcess(repository).show('HEAD~2')
    await inProcess(repository).ok('archive', '--before', new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
    repository.git('gc', '--quiet')
    await inProcess(repository).ok('redact', id, '--no-copy')
    expect(everyObject(repository).includes(secret)).toBe(false)
    expect((await inProcess(repository).show('HEAD~1')).parameters['params.yaml'].values.note).toBe(4)
    expect(await inProcess(repository).ok('verify')).toMatch(/every one matches its name/)
    expect((await inProcess(repository).prov('redact', id)).stderr).toMatch(/^error: '[0-9a-f]{64}' is not a record/)
  })

  it('keeps unreachable work of the user, and says when something still refers to the removed content', async () => {
    const repository = leaky()
    const { id } = await inProcess(repository).show('HEAD~2')
    const dangling = repository.run('git', ['hash-object', '-w', '--stdin'], { input: 'kept' }).stdout.trim()
    repository.git('tag', 'old-prov', 'prov')
    repository.git('gc', '--quiet')
    expect(await inProcess(repository).ok('redact', id)).toMatch(/this clone still holds it: git prov redact --purge/)
    const { status, stdout } = await inProcess(repository).prov('redact', '--purge')
    expect(stdout).toBe('prov: 1 object that was redacted is still in this clone, held by refs/tags/old-prov\n')
    expect(status).toBe(1)
    repository.git('tag', '-d', 'old-prov')
    expect(await inProcess(repository).ok('redact', '--purge')).toMatch(/^prov: 1 object deleted; /)
    expect(everyObject(repository).includes(secret)).toBe(false)
    expect(repository.git('cat-file', '-p', dangling)).toBe('kept')
    expect(await inProcess(repository).ok('redact', '--purge')).toBe(
      'prov: nothing that was redacted is in this clone\n',
    )
  })

  it.each([
    [['ffffffff'], /'ffffffff' is not a record, environment, manifest or series here/],
    [[], /redact takes one id, or one of --accept, --push and --purge/],
    [['a', 'b'], /redact takes one id/],
    [['--accept', 'x'], /'x' is not the id of a redaction/],
    [['--push', 'nowhere'], /there is no remote 'nowhere'/],
  ])('%j says what is wrong', async (words, expected) => {
    const { status, stderr } = await inProcess(provRepository()).prov('redact', ...words)
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })

  it('names other records that contain the given secret', async () => {
    const repository = leaky()
    const { id } = await inProcess(repository).show('HEAD~2')
    repository.commit('Again', holding(secret))
    const again = (await inProcess(repository).show()).id as string
    const first = await inProcess(repository, { input: `${secret}\n` }).prov('redact', id, '--stdin')
    expect(first.stderr).toBe(`prov: 1 other record still holds it: git prov redact --stdin ${again.slice(0, 12)}\n`)
    expect(first.status).toBe(1)
    expect((await inProcess(repository, { input: `${secret}\n` }).prov('redact', again, '--stdin')).status).toBe(0)
    expect(everyObject(repository).includes(secret)).toBe(false)
  })

  it('respects legal holds and redactors, and refuses a secret that does not occur', async () => {
    const repository = leaky()
    const { id } = await inProcess(repository).show('HEAD~2')
    const with_ = (retention: string) =>
      repository.write({ 'prov.yaml': `${config}policy:\n  retention:\n${retention}` })
    with_('    holds:\n      - name: case 7\n')
    expect((await inProcess(repository).prov('redact', id)).stderr).toMatch(/is under the legal hold 'case 7'/)
    with_('    redactors: [ops@example.org]\n')
    expect((await inProcess(repository).prov('redact', id)).stderr).toMatch(
      /mei@example.org is not among policy.retention.redactors/,
    )
    with_('    redactors: [MEI@example.org]\n')
    const { stderr } = await inProcess(repository, { input: 'not there\n' }).prov('redact', id, '--stdin')
    expect(stderr).toMatch(/1 line of the input is not in records/)
    expect((await inProcess(repository).show('HEAD~2')).id).toBe(id)
  })
})

describe('a rewritten history', () => {
  /** A bare server, and two clones that are connected to it. */
  async function team(policy = '') {
    const origin = gitRepository(holding('first'))
    origin.write({ 'prov.yaml': config + policy })
    await inProcess(origin).ok('init')
    origin.commit('Baseline')
    const path = join(temporaryFolder(), 'server.git')
    origin.git('clone', '--quiet', '--bare', origin.path, path)
    const server = new TestRepository(path, origin.env)
    const [a, b] = [cloneOf(server), cloneOf(server)]
    for (const clone of [a, b]) await inProcess(clone).ok('init')
    a.commit('Leak', { 'params.yaml': `note: ${secret}\n` })
    a.git('push', '--quiet', 'origin', 'main', 'prov')
    b.git('pull', '--quiet', '--no-rebase')
    await inProcess(b).ok('init')
    a.git('config', 'prov.remote', 'origin')
    return { server, a, b, id: (await inProcess(a).show()).id as string }
  }
  const named = 'policy:\n  retention:\n    redactors: [mei@example.org]\n'

  it('is accepted by a clone whose policy names the redactor, with the records that clone had written', async () => {
    const { server, a, b, id } = await team(named)
    const own = b.commit('Own', { 'params.yaml': 'note: own\n' })
    await inProcess(a).ok('redact', id, '--no-copy')
    expect(await inProcess(a).ok('redact', '--push', 'origin')).toBe('prov: origin now has the rewritten history\n')
    expect(await inProcess(a).ok('redact', '--push', 'origin')).toBe('prov: origin already has it\n')
    b.git('fetch', '--quiet')
    expect(await inProcess(b).ok('init')).toMatch(/accepted the history rewritten by redaction [0-9a-f]{12}/)
    expect(b.captures(own)).toHaveLength(1)
    expect(b.branch().some((path) => path.includes(id))).toBe(false)
    expect(b.run('git', ['merge-base', '--is-ancestor', 'origin/prov', 'prov']).status).toBe(0)
    expect(b.ledgerText().includes(secret)).toBe(false)
    expect(await inProcess(b).ok('redact', '--purge')).toMatch(/^prov: 1 object deleted; /)
    expect(everyObject(b).includes(secret)).toBe(false)
    expect(await inProcess(b).ok('verify')).toMatch(/every one matches its name/)
    b.git('push', '--quiet', 'origin', 'prov')
    const fresh = cloneOf(server)
    await inProcess(fresh).ok('init')
    expect(fresh.ledgerText().includes(secret)).toBe(false)
    expect(await inProcess(fresh).ok('verify')).toMatch(/every one matches its name/)
  })

  it('is refused when no policy names the redactor, until somebody accepts it', async () => {
    const { a, b, id } = await team()
    await inProcess(a).ok('redact', id, '--no-copy')
    await inProcess(a).ok('redact', '--push', 'origin')
    b.git('fetch', '--quiet')
    const tip = b.git('rev-parse', 'prov')
    const { status, stderr } = await inProcess(b).prov('init')
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /^error: provenance was rewritten by redaction [0-9a-f]{12} of mei@example.org, and no policy/,
    )
    expect(b.git('rev-parse', 'prov')).toBe(tip)
    const accept = stderr.match(/git prov (redact --accept [0-9a-f]+)/)?.[1] as string
    await inProcess(b).ok(...accept.split(' '))
    await inProcess(b).ok('init')
    expect(b.ledgerText().includes(secret)).toBe(false)
  })

  it('does not return from a remote that still has the old history, and is not pushed over unknown records', async () => {
    const { a, b, id } = await team(named)
    await inProcess(a).ok('redact', id, '--no-copy')
    const own = b.commit('Own', { 'params.yaml': 'note: own\n' })
    b.git('push', '--quiet', 'origin', 'prov')
    expect((await inProcess(a).prov('redact', '--push', 'origin')).stderr).toMatch(
      /^error: origin has records that this clone does not have/,
    )
    a.git('fetch', '--quiet')
    await inProcess(a).ok('init')
    expect(a.captures(own)).toHaveLength(1)
    expect(a.ledgerText().includes(secret)).toBe(false)
    await inProcess(a).ok('redact', '--push', 'origin')
    b.git('fetch', '--quiet')
    await inProcess(b).ok('init')
    expect(b.ledgerText().includes(secret)).toBe(false)
    expect(b.git('rev-parse', 'prov^{tree}')).toBe(a.git('rev-parse', 'prov^{tree}'))
  })

  it('passes a guard only if its policy names the pusher as a redactor', async () => {
    const guard = (role: string) =>
      `policy:\n  roles:\n    privacy:\n      people: [${role}]\n  guard:\n    writers:\n      redaction: [privacy]\n`
    for (const [role, status] of [
      ['mei@example.org', 0],
      ['ops@example.org', 2],
    ] as const) {
      const { server, a, id } = await team(guard(role))
      await inProcess(server).ok('guard', 'install')
      await inProcess(a).ok('redact', id, '--no-copy')
      const tip = server.git('rev-parse', 'prov')
      const pushed = await inProcess(a).prov('redact', '--push', 'origin')
      expect(pushed.stderr).toMatch(status ? /rejected the rewritten history/ : /^$/)
      expect(pushed.status).toBe(status)
      expect(server.git('rev-parse', 'prov') === tip).toBe(status !== 0)
      a.git('update-ref', 'refs/heads/prov', `${a.git('rev-list', '--max-parents=0', 'prov')}`)
      expect(a.run('git', ['push', '--force', 'origin', 'prov']).stderr).toMatch(/history would be replaced/)
    }
  })
})
