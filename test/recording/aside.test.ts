import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { appendEntries } from '../../src/recording/append-entries.ts'
import type { Recording } from '../../src/recording/door.ts'
import { record, recordAll } from '../../src/recording/record.ts'
import { buildRecord, type Remark, type Run } from '../../src/records/record.ts'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

function contextOf(test: TestRepository): Context & { said(): string } {
  const repository = locateRepository(test.path, test.env)
  const stderr = new PassThrough()
  return {
    cwd: test.path,
    env: test.env,
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr,
    now: () => new Date('2026-11-28T10:00:00Z'),
    program: entry,
    repository: () => repository,
    said: () => String(stderr.read() ?? ''),
  }
}

const now = new Date('2026-11-28T10:00:00Z')
const remark = (text: unknown): Recording<Remark> => ({
  kind: 'remark',
  fields: { text } as Recording<Remark>['fields'],
})
const options = () => ({ ident: 'Mei <mei@example.org> 1764060000 +0000', deadline: Date.now() + 20_000 })

describe('a record that is not as its schema wants it', () => {
  it('is kept beside the ledger and told, and those with it are written', async () => {
    const test = provRepository()
    const context = contextOf(test)
    const wrong = aRun({ outcome: { status: 'odd' as 'ok' } })
    const { entries, where } = await appendEntries(context, [{ record: wrong }, { record: aRun() }], options())
    expect([entries.length, where]).toEqual([1, 'folded'])
    const [name = ''] = readdirSync(join(test.path, '.git/prov/aside'))
    expect(name).toBe(`run-${wrong.id.slice(0, 12)}.json`)
    expect(context.said()).toBe(
      `prov: a bug in git-prov: this run record does not match its schema: /outcome/status must be equal to one of the allowed values; kept in ${join(test.path, '.git/prov/aside', name)}; report it with this line\n`,
    )
    const kept = JSON.parse(readFileSync(join(test.path, '.git/prov/aside', name), 'utf8'))
    expect(kept.files[kept.recordPath].text).toBe(wrong.text)
    expect(test.branch('records/run')).toHaveLength(1)
    expect(test.prov('doctor').stdout).toContain(
      'is a record that does not match its schema, a bug in git-prov; it is not on the branch',
    )
  })

  it('is a bug for a command that has nothing else to do', async () => {
    const test = provRepository()
    const objects = new ObjectReader(locateRepository(test.path, test.env))
    const made = record<Remark>(contextOf(test), objects, remark(7))
    await expect(made).rejects.toMatchObject({ code: 'bug', exitCode: 70 })
    expect(test.branch('records/remark')).toEqual([])
    objects.close()
  })
})

describe('the door', () => {
  it('writes what is short and clean as it was given, byte for byte', async () => {
    const test = provRepository()
    const context = contextOf(test)
    const objects = new ObjectReader(context.repository())
    const { stored, where } = await record<Remark>(context, objects, remark('warm up first'))
    const agent = { name: 'Mei Chen', email: 'mei@example.org' }
    const plain = buildRecord<Remark>({ kind: 'remark', agent, text: 'warm up first' } as unknown as Remark, now)
    expect([stored.text, stored.id, where]).toEqual([plain.text, plain.id, 'folded'])
    expect(context.said()).toBe('')
    objects.close()
  })

  it('takes secrets out of every text, says so, and leaves digests and our own words', async () => {
    const test = provRepository()
    const context = contextOf(test)
    const objects = new ObjectReader(context.repository())
    const token = `ghp_${'a1B2'.repeat(9)}`
    const { entries } = await recordAll(context, objects, [remark(`used ${token}`) as unknown as Recording])
    expect(entries[0]?.record.text).not.toContain(token)
    expect(context.said()).toMatch(/^prov: kept out of the record: remark\.text \(/)
    objects.close()
  })

  it('shortens what is too long, in the very record that verify takes', async () => {
    const test = provRepository()
    const context = contextOf(test)
    const objects = new ObjectReader(context.repository())
    const { stored } = await record<Remark>(context, objects, remark('word '.repeat(20_000)))
    expect(stored.record.text).toHaveLength(65_536)
    expect(stored.record.problems).toEqual([{ where: 'text', reason: 'shortened: 65536 of 100000 characters kept' }])
    expect(context.said()).toBe('prov: shortened in the record: text\n')
    expect(test.ok('verify')).toMatch(/every one matches its name/)
    objects.close()
  })

  it('keeps what could not be folded and says so, whoever writes', async () => {
    const test = provRepository()
    const context = contextOf(test)
    writeFileSync(join(test.path, '.git/prov/lock'), JSON.stringify({ pid: 1, host: 'elsewhere', start: '' }))
    const entry = { record: aRun() as ReturnType<typeof aRun> & { record: Run } }
    expect((await appendEntries(context, [entry], { ...options(), deadline: Date.now() })).where).toBe('spooled')
    expect(context.said()).toBe('prov: kept; the ledger is busy; the next command folds it\n')
  })
})
