import { createHash } from 'node:crypto'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)
const config = `parameters: [params.yaml]
policy:
  restricted:
    recipients:
      partner: [${recipient}]
  publish:
    partner:
      kinds: [capture]
      fields: [datasets, parameters, trigger, about.branch]
      pseudonymise: [about.branch]
      encrypt: [parameters]
      to: [partner]
    open:
      kinds: [capture]
      fields: [late]
`

/** A team with two captures, of which a partner may see datasets, and parameters with a key. */
function publisher(): TestRepository {
  const test = provRepository({
    'prov.yaml': `datasets:\n  - name: train\n    path: data/train\n${config}`,
    'params.yaml': 'ward: three\n',
    'data/train/a.csv': 'a\n',
  })
  test.commit('Second', { 'data/train/a.csv': 'b\n' })
  return test
}

const objectsOf = (test: TestRepository, ref: string) => {
  const names = test
    .git('rev-list', '--objects', ref)
    .split('\n')
    .map((line) => line.split(' ')[0])
  return test.run('git', ['cat-file', '--batch'], { input: `${names.join('\n')}\n` }).stdout
}
const publishedOf = (test: TestRepository, ref: string) =>
  test
    .git('ls-tree', '-r', '--name-only', ref, 'records')
    .split('\n')
    .map((path) => ({ path, text: test.run('git', ['cat-file', 'blob', `${ref}:${path}`]).stdout }))

describe('git prov publish', () => {
  it('publishes what the profile names and nothing else, under names that prove it', async () => {
    const test = publisher()
    expect(await inProcess(test).ok('publish', '--profile', 'partner', '--dry-run')).toBe(
      'prov: 2 records would go to prov-public/partner\n',
    )
    expect(await inProcess(test).ok('publish', '--profile', 'partner')).toBe(
      'prov: 2 records added to prov-public/partner; git push <remote> prov-public/partner\n',
    )
    const all = objectsOf(test, 'prov-public/partner').replaceAll('mei@example.org', '')
    for (const word of ['three', test.head(), (await inProcess(test).show()).id, '"main"'])
      expect(all.includes(word), word).toBe(false)
    const files = publishedOf(test, 'prov-public/partner')
    for (const { path, text } of files) expect(path).toContain(createHash('sha256').update(text).digest('hex'))
    const records = files.map(({ text }) => JSON.parse(text))
    expect(records.map(({ content }) => Object.keys(content).sort())).toEqual(
      records.map(() => ['about', 'datasets', 'trigger']),
    )
    const ours = [await inProcess(test).show('HEAD'), await inProcess(test).show('HEAD~1')]
    expect(records.map(({ content }) => content.datasets.train.digest).sort()).toEqual(
      ours.map(({ datasets }) => datasets.train.digest).sort(),
    )
    expect(new Set(records.map(({ content }) => content.about.branch)).size).toBe(1)
    expect(records[0].content.about.branch).toMatch(/^<private:[0-9a-f]{8}>$/)
    expect(records[0].agent.email).toBe('git-prov@localhost')
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const opened = await decrypter.decrypt(Buffer.from(records[0].fields.parameters.ciphertext, 'base64'), 'text')
    expect(JSON.parse(JSON.parse(opened).value)['params.yaml'].values).toEqual({ ward: 'three' })
  })

  it('adds only new records when repeated', async () => {
    const test = publisher()
    await inProcess(test).ok('publish', '--profile', 'partner')
    expect(await inProcess(test).ok('publish', '--profile', 'partner')).toBe(
      'prov: prov-public/partner is up to date\n',
    )
    test.commit('Third', { 'data/train/a.csv': 'c\n' })
    expect(await inProcess(test).ok('publish', '--profile', 'partner')).toMatch(/^prov: 1 record added/)
    expect(publishedOf(test, 'prov-public/partner')).toHaveLength(3)
    await inProcess(test).ok('publish', '--profile', 'open')
    expect(publishedOf(test, 'prov-public/open').map(({ text }) => JSON.parse(text).content)).toEqual([
      { late: false },
      { late: false },
      { late: false },
    ])
    expect(await inProcess(test).ok('verify')).toMatch(/every one matches its name/)
  })

  it.each([
    [[], /publish takes --profile/],
    [['--profile', 'nobody'], /policy.publish of prov.yaml has no profile 'nobody'\nhint: {2}one of: partner, open/],
  ])('%j says what is wrong', async (words, expected) => {
    const { status, stderr } = await inProcess(publisher()).prov('publish', ...words)
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })
})

describe('git prov federate', () => {
  async function reader(from: TestRepository): Promise<TestRepository> {
    const test = provRepository()
    await inProcess(test).ok('federate', 'add', 'hospital', from.path, '--profile', 'partner')
    return test
  }

  it("gathers another team's published records for reading, separate from one's own", async () => {
    const there = publisher()
    await inProcess(there).ok('publish', '--profile', 'partner')
    const here = await reader(there)
    const own = here.git('rev-parse', 'prov')
    expect(await inProcess(here).ok('federate', 'list')).toBe(`hospital  partner  ${there.path}\n`)
    expect(await inProcess(here).ok('federate', 'sync')).toBe('prov: hospital  2 records, 2 new\n')
    there.commit('Third', { 'data/train/a.csv': 'c\n' })
    await inProcess(there).ok('publish', '--profile', 'partner')
    expect(await inProcess(here).ok('federate', 'sync', 'hospital')).toBe('prov: hospital  3 records, 1 new\n')
    const lines = (await inProcess(here).ok('federate', 'log')).trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^hospital {2}[0-9a-f]{12} {2}\d{4}-\d\d-\d\d {2}capture {2}\{"about":/)
    const id = lines[0]?.split('  ')[1] as string
    expect(await inProcess(here).ok('federate', 'show', id)).toMatch(
      /^capture [0-9a-f]{64}\nFrom: {3}hospital, profile partner\n/,
    )
    expect(JSON.parse(await inProcess(here).ok('federate', 'show', id, '--json'))).toMatchObject({
      origin: 'hospital',
      of: 'capture',
    })
    expect(here.git('rev-parse', 'prov')).toBe(own)
    expect(await inProcess(here).log()).toHaveLength(1)
    expect(await inProcess(here).ok('verify')).toMatch(/every one matches its name/)
    await inProcess(here).ok('federate', 'remove', 'hospital')
    expect(await inProcess(here).ok('federate', 'log')).toBe('')
    expect(here.git('for-each-ref', 'refs/prov/')).toBe('')
  })

  it('refuses a branch that is not ours or contains anything else, and keeps what it had', async () => {
    const there = publisher()
    await inProcess(there).ok('publish', '--profile', 'partner')
    const here = await reader(there)
    await inProcess(here).ok('federate', 'sync')
    const tip = here.git('rev-parse', 'refs/prov/federated/hospital')
    const write = (path: string, text: string) => {
      const index = 'GIT_INDEX_FILE=../index; export GIT_INDEX_FILE; git read-tree prov-public/partner'
      const add = `git update-index --add --cacheinfo 100644,$(git hash-object -w --stdin),${path}`
      const commit =
        'git update-ref refs/heads/prov-public/partner $(git commit-tree -p prov-public/partner -m x $(git write-tree))'
      there.run('sh', ['-c', `${index}; ${add}; ${commit}`], { input: text })
    }
    write(`records/capture/2026-01-01/aa/${'a'.repeat(64)}.json`, '{"x": "\u001b[31m"}\n')
    const bad = await inProcess(here).prov('federate', 'sync')
    expect(bad.stderr).toMatch(/^error: record aaaaaaaaaaaa does not have the content its name says/)
    expect(bad.stderr).not.toContain('\u001b')
    expect(bad.status).toBe(2)
    there.git('update-ref', 'refs/heads/prov-public/partner', 'main')
    expect((await inProcess(here).prov('federate', 'sync')).stderr).toMatch(/is not a branch git-prov made/)
    there.git('update-ref', '-d', 'refs/heads/prov-public/partner')
    expect((await inProcess(here).prov('federate', 'sync')).stderr).toMatch(
      /^error: hospital has no refs\/heads\/prov-public\/partner to fetch/,
    )
    expect(here.git('rev-parse', 'refs/prov/federated/hospital')).toBe(tip)
    expect(here.git('for-each-ref', '--format=%(refname)', 'refs/prov/')).toBe('refs/prov/federated/hospital')
  })

  it.each([
    [['add', 'x'], /federate add takes a name, a URL and --profile/],
    [['add', 'x', '--', '--upload-pack=touch pwned'], /federate add takes/],
    [['add', 'X', 'u', '--profile', 'p'], /lower-case letters/],
    [['sync', 'nowhere'], /there is no origin 'nowhere'/],
    [['show', 'ffff'], /'ffff' is not a record fetched from an origin/],
    [['y'], /federate takes add, remove, list, sync, log or show/],
  ])('%j says what is wrong', async (words, expected) => {
    const test = gitRepository({ a: '' })
    await inProcess(test).ok('init')
    const { status, stderr } = await inProcess(test).prov('federate', ...words)
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })
})
