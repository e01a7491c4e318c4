import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NewerBuild } from '../support/newer-build.ts'
import { cloneOf, entry, gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

// Two versions of git-prov in one repository, and in two clones of one: this build, and a later one that knows a kind of
// record, a member and a collector more. What one does, the other finds whole and complains of nothing.

let build: NewerBuild
let at: TestRepository
type Version = 'older' | 'newer'
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
const other = { older: 'newer', newer: 'older' } as const

function prov(version: Version, repository: TestRepository, ...words: string[]) {
  return repository.run(process.execPath, [version === 'older' ? entry : build.entry, ...words])
}

function ok(version: Version, repository: TestRepository, ...words: string[]): string {
  const { status, stdout, stderr } = prov(version, repository, ...words)
  expect({ words, status, stderr }).toMatchObject({ words, status: 0 })
  return stdout
}

beforeAll(() => {
  build = new NewerBuild()
  at = provRepository({ 'data/train/a.csv': 'a\n', 'pixi.lock': 'version: 6\n' })
})
afterAll(() => build?.remove())

/** Every record and every line of the notes. */
function held(repository: TestRepository): string[] {
  const notes = repository.git('notes', '--ref=prov', 'list').split('\n').filter(Boolean)
  const lines = notes.flatMap((one) => repository.git('cat-file', 'blob', one.split(' ')[0] as string).split('\n'))
  return [...repository.branch('records', 'environments'), ...lines].filter(Boolean)
}

/** The other version looks, and makes the notes anew. */
function expectUnharmed(version: Version, repository: TestRepository, before: readonly string[]): void {
  const verified = JSON.parse(prov(version, repository, 'verify', '--json').stdout)
  expect(verified.findings.filter(({ severity }: { severity: string }) => severity !== 'info')).toEqual([])
  const logged = ok(version, repository, 'log', '--json', '-n', '1')
  expect(JSON.parse(logged).provenance.status).not.toBe('missing')
  ok(version, repository, 'notes', 'rebuild')
  expect(held(repository)).toEqual(expect.arrayContaining([...before]))
  expect(prov(version, repository, 'verify')).toMatchObject({ status: 0 })
}

/** A commit whose capture this version makes, whatever hook is installed. */
function commit(version: Version, repository: TestRepository): void {
  repository.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', `by the ${version}`)
  ok(version, repository, 'hook', 'post-commit')
}

const actions: [string, (version: Version) => unknown][] = [
  ['commit', (version) => commit(version, at)],
  ['run', (version) => ok(version, at, 'run', '--', 'true')],
  ['review', (version) => ok(version, at, 'review', at.head(), '--comment', '-m', 'x')],
  ['notes rebuild', (version) => ok(version, at, 'notes', 'rebuild')],
  ['doctor --fix', (version) => expect(ok(version, at, 'doctor', '--fix')).not.toMatch(/card|pixi/)],
  ['status', (version) => prov(version, at, 'status')],
  ['archive', (version) => ok(version, at, 'archive', '--before', tomorrow)],
]

describe('in one repository', () => {
  let card = ''
  const both = (['older', 'newer'] as const).flatMap((version) =>
    actions.map(([name, act]) => [version, name, act] as const),
  )

  beforeAll(() => {
    commit('newer', at)
    card = ok('newer', at, 'card', 'segments cells')
    ok('newer', at, 'import', 'sacred')
  })

  it('the older shows records of the newer by name, and that they are from a newer git-prov', () => {
    const { ok: fine, newer, findings } = JSON.parse(ok('older', at, 'verify', '--json'))
    expect(fine).toBe(true)
    expect(newer).toEqual({
      kinds: { 'model-card': 1 },
      members: { 'brief.audience': 1 },
      collectors: { pixi: 1 },
      noteLines: { 'model-card': 1 },
    })
    expect(findings.map(({ where, message }: Record<string, string>) => `${where}: ${message}`)).toEqual([
      'records/model-card: 1 record of a kind from a newer git-prov',
      'brief.audience: a member in 1 record from a newer git-prov',
      'software.pixi: a part of 1 environment from a newer git-prov',
      'notes of model-card: 1 line from a newer git-prov',
    ])
    const row = `model-card ${card.slice(0, 6)}  from a newer git-prov (git prov show ${card.slice(0, 6)})`
    expect(ok('older', at, 'log', '-n', '1')).toContain(row)
    expect(ok('older', at, 'log', '-n', '1', '--oneline')).toContain(`model-card:${card.slice(0, 6)}`)
    expect(JSON.parse(ok('older', at, 'log', '-n', '1', '--json')).records).toContainEqual({
      kind: 'model-card',
      id: card,
    })
    expect(ok('older', at, 'show', card)).toMatch(/^model-card .*from a newer git-prov \(0\.2\.0\).*segments cells/s)
    expect(ok('older', at, 'show', 'HEAD')).toContain('0.40.0, 1 package, from pixi.lock')
    expect(ok('older', at, 'doctor')).toBe('prov: no problems found\n')
    expect(ok('newer', at, 'log', '-n', '1')).toContain('card  segments cells')
  })

  it('the older reads a run from a tool, and a capture by a trigger, that only the newer knows', () => {
    const run = JSON.parse(ok('older', at, 'runs', '--json', '--where', 'imported = sacred'))
    expect(ok('older', at, 'show', run.id)).toMatch(/from\s+sacred, sacred\/1\/run\.json/)
    expect(ok('older', at, 'show', 'HEAD')).toContain('captured by reference-transaction')
  })

  it.each(both)('what the %s does by %s is intact for the other', (version, _, act) => {
    const before = held(at).filter((line) => !line.startsWith('records/') && !line.startsWith('environments/'))
    act(version)
    expectUnharmed(other[version], at, before)
    expect(ok('newer', at, 'log')).toContain('card  segments cells')
  })

  it('a record of the newer that the older redacts is gone, with its note line', () => {
    const gone = ok('newer', at, 'card', 'not for you')
    ok('older', at, 'redact', gone, '--yes')
    expect(at.ledgerText()).not.toContain('not for you')
    expectUnharmed('newer', at, [])
  })
})

describe('in two clones', () => {
  let hub: TestRepository
  let clones: Record<Version, TestRepository>

  beforeAll(() => {
    hub = gitRepository({}, '--bare')
    const origin = provRepository({ 'data/train/a.csv': 'a\n', 'pixi.lock': 'version: 6\n' })
    origin.git('push', '--quiet', hub.path, 'main', 'prov')
    clones = { older: cloneOf(hub), newer: cloneOf(hub) }
    for (const version of ['older', 'newer'] as const) ok(version, clones[version], 'init', '--remote', 'origin')
  })

  const share = (from: Version) => {
    ok(from, clones[from], 'sync')
    ok(other[from], clones[other[from]], 'sync')
  }

  it('the older receives, checks, keeps and forwards what the newer sends', () => {
    const { older, newer } = clones
    commit('newer', newer)
    newer.git('push', '--quiet', '--no-verify', 'origin', 'main')
    const card = ok('newer', newer, 'card', 'from afar')
    share('newer')
    older.git('pull', '--quiet', 'origin', 'main')
    expectUnharmed('older', older, [])
    expect(ok('older', older, 'log', '-n', '1')).toContain(`model-card ${card.slice(0, 6)}`)
    commit('older', older)
    share('older')
    expectUnharmed('newer', newer, [])
    expect(newer.branch('records')).toEqual(older.branch('records'))
  })

  it('the newer adds the schema of its kind to the branch, and the older accepts it', () => {
    const { older, newer } = clones
    expect(newer.branch('schemas')).toContain('schemas/model-card.v1.schema.json')
    expect(older.branch('schemas')).toContain('schemas/model-card.v1.schema.json')
    expect(ok('older', older, 'init')).toBe('prov: everything is already set up\n')
    expectUnharmed('older', older, [])
  })

  it('the newer, used in a clone of the older, says what could not be noted and notes it', () => {
    const { older } = clones
    const { ok: fine, findings } = JSON.parse(ok('newer', older, 'verify', '--json'))
    expect(fine).toBe(true)
    expect(findings).toMatchObject([{ code: 'note-older', severity: 'info', hint: 'git prov notes rebuild' }])
    expect(ok('newer', older, 'log')).toContain('noted by an older git-prov')
    ok('newer', older, 'notes', 'rebuild')
    expect(ok('newer', older, 'log')).toContain('card  from afar')
    expectUnharmed('older', older, held(older))
    expect(ok('newer', older, 'log')).toContain('card  from afar')
    expect(JSON.parse(ok('newer', older, 'verify', '--json')).findings).toEqual([])
  })
})
