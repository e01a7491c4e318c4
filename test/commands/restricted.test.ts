import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, provRepository, type TestRepository } from '../support/repository.ts'

const secret = 'cohort: 17 patients of ward 3'

interface Person {
  identity: string
  recipient: string
}

async function person(): Promise<Person> {
  const identity = await generateIdentity()
  return { identity, recipient: await identityToRecipient(identity) }
}

const policy = (people: readonly Person[]) =>
  `policy:\n  restricted:\n    recipients:\n      data-engineer: [${people.map(({ recipient }) => recipient).join(', ')}]\n`

/** A repository whose policy has some people's keys, the first one's in prov.identity. */
function shared(...people: Person[]): TestRepository {
  const test = provRepository({ 'prov.yaml': policy(people), 'data/train/a.csv': 'a\n' })
  use(test, people[0] as Person)
  return test
}

function use(test: TestRepository, { identity }: Person): void {
  test.write({ '../me.key': `# created: now\n${identity}\n` })
  test.git('config', 'prov.identity', join(test.path, '../me.key'))
}

const idIn = (text: string) => text.match(/git prov reveal ([0-9a-f]{12})/)?.[1] as string
const restrict = async (test: TestRepository) =>
  idIn(await inProcess(test).ok('restrict', 'HEAD', '--to', 'data-engineer', `note=${secret}`, 'site=Utrecht'))

describe('restricted fields', () => {
  it('are in no object of the ledger, and open for those the policy names, after an access record', async () => {
    const test = shared(await person(), await person())
    const id = await restrict(test)
    expect(test.ledgerText().includes('ward 3')).toBe(false)
    expect(await inProcess(test).ok('reveal', id, '--reason', 'audit 7')).toBe(`note: ${secret}\nsite: Utrecht\n`)
    expect(await inProcess(test).ok('reveal', id, 'site', '--json')).toMatch(
      /^\{"fields":\{"site":"Utrecht"\},"id":"[0-9a-f]{64}"\}\n$/,
    )
    const accesses = test.branch('records/access').map((path) => JSON.parse(test.git('show', `prov:${path}`)))
    expect(accesses.map(({ how, fields, reason, agent }) => [how, fields, reason, agent.email])).toContainEqual([
      'reveal',
      ['note', 'site'],
      'audit 7',
      'mei@example.org',
    ])
    expect(accesses).toHaveLength(2)
    expect(await inProcess(test).ok('show', id)).toMatch(
      /for data-engineer \(2 keys\): git prov reveal\n {4}note {2}commitment [0-9a-f]{64}/,
    )
    expect(test.notes().map(({ kind }) => kind)).toContain('restricted')
    expect(await inProcess(test).ok('verify')).toMatch(/every one matches its name/)
    expect(test.ledgerText().includes('ward 3')).toBe(false)
  })

  it('stay closed to others, with no access recorded', async () => {
    const test = shared(await person())
    const id = await restrict(test)
    use(test, await person())
    const { status, stdout, stderr } = await inProcess(test).prov('reveal', id)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: your key cannot decrypt it; it is encrypted for data-engineer\n/)
    expect((await inProcess(test).prov('disclose', id, 'note')).status).toBe(2)
    expect(test.branch('records/access')).toEqual([])
  })

  it('take multi-line values from a file or standard input', async () => {
    const test = shared(await person())
    test.write({ '../list.txt': 'a\nb\n' })
    const words = ['restrict', 'HEAD', '--to', 'data-engineer', 'list=@../list.txt', 'free=-']
    const { stdout } = await inProcess(test, { input: 'from\u001b[31mstdin' }).prov(...words)
    expect(await inProcess(test).ok('reveal', idIn(stdout))).toBe('free: from\\x1b[31mstdin\nlist:\na\nb\n\n')
  })

  it('have equal commitments for equal values, which reveal nothing without the key', async () => {
    const test = shared(await person())
    const commitment = async () => {
      const out = await inProcess(test).ok('restrict', 'HEAD', '--to', 'data-engineer', 'answer=yes', '--json')
      return JSON.parse(out).fields.answer.commitment
    }
    const first = await commitment()
    expect(await commitment()).toBe(first)
    rmSync(join(test.path, '.git/prov/redaction.key'))
    expect(await commitment()).not.toBe(first)
  })
})

describe('members who leave and join', () => {
  it('rewrap encrypts to the current keys; commitments stay, and the old id leads to the new record', async () => {
    const [stays, leaves, comes] = [await person(), await person(), await person()]
    const test = shared(stays, leaves)
    const id = await restrict(test)
    const before = JSON.parse(await inProcess(test).ok('show', id, '--json'))
    expect(await inProcess(test).ok('rewrap')).toBe('prov: 1 restricted record: encrypted to the current keys\n')
    test.write({ 'prov.yaml': policy([stays, comes]) })
    expect(await inProcess(test).ok('rewrap')).toMatch(
      /^prov: 1 restricted record encrypted to the current keys; the old ciphertext stays/,
    )
    use(test, comes)
    expect(await inProcess(test).ok('reveal', id)).toContain(secret)
    use(test, leaves)
    expect((await inProcess(test).prov('reveal', id)).stderr).toMatch(/your key cannot decrypt it/)
    const now = test.branch('records/restricted').map((path) => JSON.parse(test.git('show', `prov:${path}`)))
    const after = now.find(({ links }) => links.some(({ rel }: { rel: string }) => rel === 'supersedes'))
    expect(after.fields.note.commitment).toBe(before.fields.note.commitment)
    expect(after.recipients).toEqual([stays.recipient, comes.recipient].sort())
    await inProcess(test).ok('redact', id, '--no-copy')
    use(test, comes)
    expect(await inProcess(test).ok('verify')).toMatch(/every one matches its name/)
  })
})

describe('a disclosed field', () => {
  it('can be checked with the ledger and no key; any other value is refused', async () => {
    const test = shared(await person())
    const id = await restrict(test)
    const disclosure = await inProcess(test).ok('disclose', id, 'note', '--to', 'Partner Ltd')
    const partner = cloneOf(test)
    await inProcess(partner).ok('init')
    partner.write({ 'good.json': disclosure, 'bad.json': disclosure.replace('17 patients', '18 patients') })
    expect(await inProcess(partner).ok('disclose', '--check', 'good.json')).toMatch(
      /^prov: note is what record [0-9a-f]{12} committed to \(Mei Chen <mei@example.org>, /,
    )
    const bad = await inProcess(partner).prov('disclose', '--check', 'bad.json')
    expect([bad.status, bad.stdout]).toEqual([1, expect.stringMatching(/note is not what record/)])
    const access = test.branch('records/access').map((path) => JSON.parse(test.git('show', `prov:${path}`)))
    expect(access).toMatchObject([{ how: 'disclose', fields: ['note'], to: 'Partner Ltd' }])
  })
})

describe('errors are reported', () => {
  it.each([
    [['restrict', 'HEAD', 'a=b'], /restrict takes --to <role>/],
    [['restrict', 'HEAD', '--to', 'nobody', 'a=b'], /has no keys of 'nobody'/],
    [['restrict', 'HEAD', '--to', 'data-engineer', 'a b=c'], /'a b' is not <field>=<value>/],
    [['restrict', 'HEAD', '--to', 'data-engineer', 'a=@nowhere'], /the value cannot be read: ENOENT/],
    [['reveal'], /reveal takes the id/],
    [['reveal', 'ffffffff'], /'ffffffff' is not a restricted record here/],
    [['disclose', 'x'], /disclose takes the id of a restricted record and a field/],
    [['disclose', '--check', 'prov.yaml'], /'.*prov.yaml' is not a disclosure/],
  ])('%j', async (words, expected) => {
    const { status, stderr } = await inProcess(shared(await person())).prov(...words)
    expect(stderr).toMatch(expected)
    expect(status).toBe(2)
  })

  it('a missing key, a missing field, an invalid public key', async () => {
    const test = shared(await person())
    const id = await restrict(test)
    expect((await inProcess(test).prov('reveal', id, 'nowhere')).stderr).toMatch(
      /there is no field 'nowhere'\nhint: {2}one of: note, site/,
    )
    expect((await inProcess(test).prov('reveal', id, '--identity', 'nowhere')).stderr).toMatch(
      /the key cannot be read: ENOENT/,
    )
    test.git('config', '--unset', 'prov.identity')
    expect((await inProcess(test).prov('reveal', id)).stderr).toMatch(/no key to decrypt with\nhint: {2}age-keygen/)
    test.write({ 'prov.yaml': 'policy:\n  restricted:\n    recipients:\n      data-engineer: [age1x]\n' })
    expect((await inProcess(test).prov('restrict', 'HEAD', '--to', 'data-engineer', 'a=b')).stderr).toMatch(
      /^error: prov.yaml:4:23: /,
    )
  })
})
