import { describe, expect, it } from 'vitest'
import { append } from '../../src/ledger/append/fold.ts'
import { localDir } from '../../src/ledger/local/local-dir.ts'
import { rebuildNotes } from '../../src/ledger/notes/rebuild-notes.ts'
import { markNotesStale } from '../../src/ledger/notes/stale-notes.ts'
import { joinRemotes } from '../../src/ledger/share/join.ts'
import { stampReadme } from '../../src/records/branch/branch-version.ts'
import { recordPath } from '../../src/records/layout.ts'
import { buildRecord, type ProvRecord } from '../../src/records/record.ts'
import { capture } from '../support/records.ts'
import { oidOf, pathOf, Replica, replicas } from '../support/replica.ts'
import { gitRepository } from '../support/repository.ts'

const ident = 'Mei <mei@example.org> 1 +0000'

/** The notes of a join must be those a rebuild makes. */
async function expectNotesRight({ repository }: Replica): Promise<void> {
  expect(await rebuildNotes(repository)).toMatchObject({ changed: false, damaged: [] })
}

describe('a join', () => {
  it('has the records of both, with their notes, and the same commit on either side', async () => {
    const [a, b] = await replicas()
    await a.add(1, 2, 3)
    await b.add(3, 4)
    a.fetch(b)
    b.fetch(a)
    expect(await joinRemotes(a.repository)).toMatchObject([{ ref: 'refs/remotes/other/prov', records: 1 }])
    expect(await joinRemotes(b.repository)).toMatchObject([{ records: 2 }])
    expect(a.tip()).toBe(b.tip())
    expect(a.test.branch('records')).toHaveLength(4)
    expect(await joinRemotes(a.repository)).toEqual([])
    await expectNotesRight(a)
    await expectNotesRight(b)
    expect(a.test.run('git', ['fsck', '--strict']).status).toBe(0)
  })

  it('puts two records about one commit into one note, in the same order on either side', async () => {
    const [a, b] = await replicas()
    await a.add(1)
    const other = capture({ about: { commit: oidOf(1), tree: oidOf(2), parents: [] } })
    await append(b.repository, [{ record: other }], { ident, deadline: Date.now() + 20_000 })
    a.fetch(b)
    b.fetch(a)
    await joinRemotes(a.repository)
    await joinRemotes(b.repository)
    expect(a.test.notes(oidOf(1))).toHaveLength(2)
    expect(a.test.git('rev-parse', 'refs/notes/prov^{tree}')).toBe(b.test.git('rev-parse', 'refs/notes/prov^{tree}'))
    await expectNotesRight(a)
  })

  it('brings back what the other side removed, though its branch only moved on from ours', async () => {
    const [a, b] = await replicas()
    await a.add(1, 2)
    await b.hear(a)
    await b.write({ removed: [pathOf(1)] })
    await a.hear(b)
    expect(a.has(pathOf(1))).toBe(true)
    await b.hear(a)
    expect(b.tree()).toBe(a.tree())
  })

  it('of a file changed by hand keeps the content its name says', async () => {
    const [a, b] = await replicas()
    await a.add(1)
    await b.hear(a)
    const tree = a.tree()
    await b.write({ files: new Map([[pathOf(1), Buffer.from('{}\n')]]) })
    await a.hear(b)
    expect(a.tree()).toBe(tree)
    await b.hear(a)
    expect(b.tree()).toBe(tree)
  })

  it('lets go what an archive record names, whoever hears of it first, and does not take it again', async () => {
    const [a, b] = await replicas()
    await a.add(1, 2)
    await b.hear(a)
    await b.add(3)
    const fields = {
      kind: 'archive',
      agent: { name: 'Mei', email: 'mei@example.org' },
      removes: [pathOf(1), pathOf(3)],
    }
    const archive = buildRecord(fields as unknown as ProvRecord, new Date(0))
    const path = recordPath('archive', archive.record.time, archive.id)
    await a.write({ files: new Map([[path, Buffer.from(archive.text)]]), removed: [pathOf(1)] })
    await rebuildNotes(a.repository)
    a.fetch(b)
    b.fetch(a)
    await joinRemotes(a.repository)
    await joinRemotes(b.repository)
    expect(a.tree()).toBe(b.tree())
    expect([1, 2, 3].map((n) => a.has(pathOf(n)))).toEqual([false, true, false])
    await expectNotesRight(a)
    await expectNotesRight(b)
  })

  it('keeps the README of the newer version in either order', async () => {
    const [a, b] = await replicas()
    const newer = new Map([['README.md', Buffer.from(stampReadme('# newer', '99.0.0'))]])
    await b.write({ files: newer })
    await a.add(1)
    a.fetch(b)
    b.fetch(a)
    await joinRemotes(a.repository)
    await joinRemotes(b.repository)
    for (const { test } of [a, b]) expect(test.git('show', 'prov:README.md')).toContain('# newer')
    expect(a.tree()).toBe(b.tree())
  })

  it('keeps what a newer version writes and this one does not know', async () => {
    const [a, b] = await replicas()
    await b.write({ files: new Map([['future/x.bin', Buffer.from('?')]]) })
    await a.add(1)
    await a.hear(b)
    expect(a.has('future/x.bin')).toBe(true)
  })

  it('takes the other branch as it is when that holds all of ours', async () => {
    const [a, b] = await replicas()
    await a.add(1)
    await b.hear(a)
    await b.add(2)
    await a.hear(b)
    expect(a.tip()).toBe(b.tip())
  })

  it.each([
    ['a link', '120000', 'link'],
    ['a program', '100755', 'run.sh'],
    ['a path out of the tree', '100644', '..\\x'],
  ])('is refused with %s in it, and nothing moved', async (_, mode, name) => {
    const [a, b] = await replicas()
    const blob = b.test.run('git', ['hash-object', '-w', '--stdin'], { input: 'target' }).stdout.trim()
    const listing = b.test.git('ls-tree', 'prov')
    const tree = b.test.run('git', ['mktree'], { input: `${listing}\n${mode} blob ${blob}\t${name}\n` }).stdout.trim()
    b.test.git('update-ref', 'refs/heads/prov', b.test.git('commit-tree', '-m', 'x', '-p', b.tip(), tree))
    const tip = a.tip()
    await expect(a.hear(b)).rejects.toMatchObject({ code: 'record' })
    expect(a.tip()).toBe(tip)
  })

  it('needs no common history: a branch cut off by --depth is joined all the same', async () => {
    const [a, b] = await replicas()
    await a.add(1)
    await b.add(2)
    const cut = gitRepository()
    cut.git('fetch', '--quiet', '--depth=1', `file://${b.test.path}`, '+refs/heads/prov:refs/heads/prov')
    const c = new Replica(cut)
    await c.add(3)
    c.test.git('fetch', '--quiet', a.test.path, '+refs/heads/prov:refs/remotes/other/prov')
    await joinRemotes(c.repository)
    expect(c.test.branch('records')).toHaveLength(3)
  })

  it('that was killed between the two refs has its notes mended by the next', async () => {
    const [a] = await replicas()
    await a.add(1)
    a.test.git('update-ref', '-d', 'refs/notes/prov')
    markNotesStale(localDir(a.repository))
    await joinRemotes(a.repository)
    await expectNotesRight(a)
  })
})

it('records that are not what their kind says give no note, and stop neither a join nor a rebuild', async () => {
  const [a, b] = await replicas()
  await a.add(1)
  await b.add(2)
  const agent = { name: 'Mei', email: 'mei@example.org' }
  const odd = [
    { kind: 'capture', agent, about: { commit: oidOf(3), tree: oidOf(3), parents: [] } },
    { kind: 'review', agent, about: { commit: '../../.git/config', tree: oidOf(3), parents: [] } },
    { kind: 'rewrite', agent, by: 'amend', rewritten: [{ from: oidOf(3), to: 'ab/../x' }] },
  ].map((fields) => buildRecord(fields as unknown as ProvRecord, new Date(5)))
  const files = odd.map(
    ({ record, id, text }) => [recordPath(record.kind, record.time, id), Buffer.from(text)] as const,
  )
  await b.write({ files: new Map(files) })
  await a.hear(b)
  expect(a.has(files[0]?.[0] as string)).toBe(true)
  const { changed, records, damaged } = await rebuildNotes(a.repository)
  expect({ changed, records, damaged: damaged.map(({ code }) => code) }).toEqual({
    changed: false,
    records: 4,
    damaged: ['record'],
  })
})

it('tips that come at once are joined in one commit, but for those that another holds; with removals one by one', async () => {
  const [a, b, c] = await replicas()
  await a.add(1)
  await b.add(2)
  const before = b.tip()
  await b.add(3)
  await c.add(3, 4)
  const bring = (from: Replica, commit: string, name: string) =>
    a.test.git('fetch', '--quiet', from.test.path, `${commit}:refs/prov/remotes/hub/inbox/${name}`)
  bring(b, before, 'old')
  bring(b, b.tip(), 'b')
  bring(c, c.tip(), 'c')
  const own = a.tip()
  expect((await joinRemotes(a.repository)).map(({ records }) => records)).toEqual([2, 1])
  expect(a.test.git('rev-list', '--parents', '-n1', 'prov').split(' ').slice(1)).toEqual([own, b.tip(), c.tip()].sort())
  for (const n of [1, 2, 3, 4]) expect(a.has(pathOf(n))).toBe(true)
  await expectNotesRight(a)
  const fields = { kind: 'redaction', agent: { name: 'Mei', email: 'm@example.org' }, removes: [pathOf(4)], files: [] }
  const { record, id, text } = buildRecord(fields as unknown as ProvRecord, new Date(9))
  await b.write({ files: new Map([[recordPath('redaction', record.time, id), Buffer.from(text)]]) })
  await c.add(5)
  bring(b, b.tip(), 'b')
  bring(c, c.tip(), 'c')
  await joinRemotes(a.repository)
  expect([4, 5].map((n) => a.has(pathOf(n)))).toEqual([false, true])
  await expectNotesRight(a)
})
