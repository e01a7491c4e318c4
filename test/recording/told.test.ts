import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { entry, provRepository, type Ran, TestRepository, temporaryFolder } from '../support/repository.ts'

/** Every command that writes to the ledger: words of git prov, or of git after `git`. */
const writers = {
  brief: ['brief', '--outcome', 'Better'],
  waive: ['waive', 'capture-missing', 'HEAD', '--why', 'later', '--until', '2999-12-31'],
  'review-policy': ['review-policy'],
  review: ['review', 'HEAD', '--comment', '-m', 'good'],
  note: ['note', 'RUN', '--lesson', 'warm up'],
  'decision withdraw': ['decision', 'withdraw', 'focal', '-m', 'no gain'],
  'decision outcome': ['decision', 'outcome', 'focal', '--run', 'RUN'],
  restrict: ['restrict', 'HEAD', '--to', 'team', 'site=Utrecht'],
  reveal: ['reveal', 'RESTRICTED'],
  disclose: ['disclose', 'RESTRICTED', 'site'],
  run: ['run', '--', 'true'],
  'run --start': ['run', '--start', '--', 'true'],
  replay: ['replay', 'RUN', '--yes'],
  import: ['import', 'datalad'],
  capture: ['capture'],
  commit: ['git', 'commit', '--quiet', '--allow-empty', '-m', 'Next'],
  seal: ['seal'],
  archive: ['archive', '--before', '2999-12-31'],
  redact: ['redact', 'RUN', '--yes'],
} satisfies Record<string, readonly string[]>

/** Of these a part would be worse than nothing: they do not go through the spool. */
const wholeOrNothing = ['seal', 'archive', 'redact']

const cmd = JSON.stringify({ cmd: 'ls', exit: 0, inputs: [], outputs: [], pwd: '.' }, null, 1)
const dataladCommit = `[DATALAD RUNCMD] Make\n\n=== Do not change lines below ===\n${cmd}\n^^^ Do not change lines above ^^^`

interface Prepared {
  test: TestRepository
  names: Record<string, string>
}

/** A repository in which each of them has something to write. */
async function prepare(): Promise<Prepared> {
  const identity = await generateIdentity()
  const test = provRepository({
    'prov.yaml': `policy:\n  restricted:\n    recipients:\n      team: [${await identityToRecipient(identity)}]\n`,
    'decisions/2026-11-23-focal.yaml':
      'title: Use focal loss\nstatus: accepted\ncontext: x\nwhy: y\ncriteria:\n  - metric: f1\n    at_least: 0.8\n',
  })
  test.write({ '../me.key': `${identity}\n` })
  test.git('config', 'prov.identity', join(test.path, '../me.key'))
  const run = test.prov('run', '--json', '--', 'sh', '-c', 'true').stderr
  const restricted = test.ok('restrict', 'HEAD', '--to', 'team', 'site=Delft').match(/reveal ([0-9a-f]{12})/)?.[1]
  test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', dataladCommit)
  test.ok('log')
  return { test, names: { RUN: JSON.parse(run).id, RESTRICTED: restricted ?? '' } }
}

const prepared = await prepare()

/** A copy of its own for each: they run side by side. */
async function ran(name: string, words: readonly string[], spoil: (test: TestRepository) => void): Promise<Ran> {
  const path = join(temporaryFolder(), 'copy')
  cpSync(prepared.test.path, path, { recursive: true, verbatimSymlinks: true })
  const test = new TestRepository(path, prepared.test.env)
  if (name === 'capture')
    test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', 'Unseen')
  spoil(test)
  const [first = '', ...rest] = words.map((word) => prepared.names[word] ?? word)
  return first === 'git' ? await test.start('git', rest) : await test.start(process.execPath, [entry, first, ...rest])
}

async function table(spoil: (test: TestRepository) => void): Promise<Record<string, string>> {
  const all = Object.entries(writers).map(async ([name, words]): Promise<[string, string]> => {
    const { stderr } = await ran(name, words, spoil)
    const told = stderr.split('\n').filter((line) => /not signed|signed: |busy|kept/.test(line))
    return [name, told.join('\n').replace(/not signed: .*; git prov seal/, 'not signed: <why>; git prov seal')]
  })
  return Object.fromEntries(await Promise.all(all))
}

const each = (words: (name: string) => string) =>
  Object.fromEntries(Object.keys(writers).map((name) => [name, words(name)]))

describe('whatever writes to the ledger tells in the same words', () => {
  it('that it could not be signed, once', async () => {
    const told = await table((test) => {
      test.git('config', 'prov.sign', 'true')
      test.git('config', 'gpg.format', 'ssh')
      test.git('config', 'user.signingkey', join(test.path, 'nothing'))
    })
    const unsigned = 'prov: not signed: <why>; git prov seal'
    const failed = 'error: the commit on the branch could not be signed'
    expect({ ...told, seal: told.seal || failed }).toEqual(each((name) => (name === 'seal' ? failed : unsigned)))
  })

  it('that it is kept while somebody else writes, or that nothing was written', async () => {
    // Of a machine that is not this one nobody can say that its process is gone.
    const told = await table((test) =>
      writeFileSync(join(test.path, '.git/prov/lock'), JSON.stringify({ pid: 1, host: 'elsewhere', start: '' })),
    )
    const kept = 'prov: kept; the ledger is busy; the next command folds it'
    expect(told).toEqual(each((name) => (wholeOrNothing.includes(name) ? 'error: the ledger is busy' : kept)))
  }, 180_000)
})
