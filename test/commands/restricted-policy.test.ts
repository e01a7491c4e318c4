import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import type { Capture, Run } from '../../src/records/record.ts'
import { inProcess } from '../support/in-process.ts'
import { provRepository, TestRepository } from '../support/repository.ts'
import { finishedRuns, runRecords } from '../support/run-records.ts'

const base = 'version: 1\ndatasets:\n  - {name: patients, path: data/patients}\nmetrics: [metrics.json]\n'

/** A repository whose policy restricts some of what is written, and the key that opens it. */
async function restricting(rules: string): Promise<{ test: TestRepository; open(): void }> {
  const identity = await generateIdentity()
  const recipients = `    recipients:\n      clinician: [${await identityToRecipient(identity)}]\n`
  const test = provRepository({
    'prov.yaml': `${base}policy:\n  restricted:\n${recipients}${rules}`,
    '.gitignore': 'data/\nmodel\nmetrics.json\n',
    'train.sh': 'echo "{\\"f1\\": 0.$((80 + 3))}" > metrics.json; echo model > model\n',
  })
  test.write({ 'data/patients/ward3.csv': 'of ward 3\n', '../me.key': `${identity}\n` })
  return { test, open: () => test.git('config', 'prov.identity', join(test.path, '../me.key')) }
}

const train = (test: TestRepository) =>
  test.ok(
    ...['run', '-q', '-m', 'Try it', '--hypothesis', 'AcmeCorp knows', '-o', 'model', '--'],
    ...['sh', 'train.sh', '--customer', 'AcmeCorp', '--lr', '0.1'],
  )

/** In no object of the repository, and in no file that we keep beside it but what is known of the data on this disk. */
function expectNowhere(test: TestRepository, ...secrets: string[]): void {
  const objects = test.run('git', ['cat-file', '--batch-all-objects', '--batch']).stdout
  const ours = test.run('sh', ['-c', 'cat $(find .git/prov -type f ! -path "*/cache/stat/*")']).stdout
  for (const secret of secrets)
    expect([secret, objects.includes(secret), ours.includes(secret)]).toEqual([secret, false, false])
}

const captured = async (test: TestRepository) =>
  JSON.parse(await inProcess(test).ok('show', 'HEAD', '--json')) as Capture

const fields = `    fields:
      params.customer: [clinician]
      data.patients: [clinician]
      hypothesis: [clinician]
      lesson: [clinician]
`

describe('members that a policy restricts', () => {
  it('are encrypted wherever they would be written, and open to whoever has a key, which is recorded', async () => {
    const { test, open } = await restricting(fields)
    test.commit('more')
    train(test)
    const id = runRecords(test)[0]?.id as string
    await inProcess(test).ok('note', id, '--lesson', 'AcmeCorp pays late')
    expectNowhere(test, 'AcmeCorp', 'ward3.csv', 'pays late')
    expect(await inProcess(test).ok('verify')).toContain('every one matches its name')

    const [run] = finishedRuns(test)
    expect(run?.command.slice(0, 3)).toEqual(['sh', 'train.sh', '--customer'])
    expect(run?.command.slice(4)).toEqual(['--lr', '0.1'])
    expect((await captured(test)).datasets.patients).toMatchObject({ state: 'missing', reason: 'restricted' })
    expect(await inProcess(test).ok('log', '-n', '1')).toContain('data  patients restricted\n')
    expect(await inProcess(test).ok('runs')).toMatch(/customer .*\n.*<restricted:[0-9a-f]{12}> +0\.1 /)
    const shut = await inProcess(test).ok('show', id)
    expect(shut).toMatch(/believed {2}restricted \(recipients: clinician; commitment [0-9a-f]{12}\)\n/)
    expect(shut).toMatch(/param {5}lr = 0\.1\n/)
    expect(test.branch('records/access')).toEqual([])

    open()
    const shown = await inProcess(test).ok('show', id)
    expect(shown).toContain('$ sh train.sh --customer AcmeCorp --lr 0.1\n')
    expect(shown).toContain('believed  AcmeCorp knows\n')
    expect(shown).toContain('    AcmeCorp pays late\n')
    expect(test.branch('records/access').length).toBeGreaterThan(0)
    expect(await inProcess(test).ok('reveal', id, 'params.customer')).toBe('params.customer: AcmeCorp\n')
    expectNowhere(test, 'AcmeCorp', 'pays late')
  })

  it('show equal values as equal, and can be disclosed one by one', async () => {
    const { test, open } = await restricting(fields)
    train(test)
    train(test)
    const told = finishedRuns(test).map(({ parameters }) => parameters.command)
    expect(told[0]).toMatchObject({ values: { customer: expect.stringMatching(/^<restricted:[0-9a-f]{12}>$/) } })
    expect(told[0]).toEqual(told[1])
    open()
    const id = runRecords(test)[0]?.id as string
    const disclosed = await inProcess(test).ok('disclose', id, 'params.customer', '--to', 'the auditor')
    test.write({ '../disclosed.json': disclosed })
    test.git('config', '--unset', 'prov.identity')
    expect(await inProcess(test).ok('disclose', '--check', '../disclosed.json')).toMatch(
      /^prov: params.customer is what record [0-9a-f]{12} committed to /,
    )
  })

  it('are in the clear in the file of a queued run, which only its user can read', async () => {
    const { test } = await restricting(fields)
    test.ok('run', '--start', '--', 'true', '--customer', 'AcmeCorp')
    const folder = join(test.path, '.git/prov/runs')
    const [name] = readdirSync(folder).filter((file) => file.endsWith('.json'))
    expect(readFileSync(join(folder, name as string), 'utf8')).toContain('AcmeCorp')
    expect(statSync(join(folder, name as string)).mode & 0o77).toBe(0)
  })

  it('compare as restricted, and pass the guard of a server', async () => {
    const { test } = await restricting(fields)
    train(test)
    test.ok('run', '-q', '--', 'true', '--customer', 'Globex')
    const [first, second] = [...new Set(runRecords(test).map(({ record }) => record.runId))]
    const compared = await inProcess(test).ok('compare', first as string, second as string)
    expect(compared).toMatch(/customer +<restricted:[0-9a-f]{12}> +<restricted:[0-9a-f]{12}>/)
    test.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
    const hub = new TestRepository(join(test.path, '../hub.git'), test.env)
    await inProcess(hub).ok('guard', 'install')
    test.git('remote', 'add', 'origin', hub.path)
    test.git('config', 'prov.syncBudget', '30')
    await inProcess(test).ok('init', '--remote', 'origin')
    test.git('push', '--quiet', 'origin', 'main')
    await inProcess(test).ok('sync')
    expect(hub.git('rev-parse', 'prov')).toBe(test.git('rev-parse', 'prov'))
  })

  it('are encrypted again when a member leaves', async () => {
    const { test, open } = await restricting(fields)
    train(test)
    open()
    const other = await generateIdentity()
    const yaml = readFileSync(join(test.path, 'prov.yaml'), 'utf8')
    test.write({ 'prov.yaml': yaml.replace(/age1[a-z0-9]+/, await identityToRecipient(other)) })
    test.commit('one leaves')
    const id = runRecords(test)[0]?.id as string
    await inProcess(test).ok('rewrap')
    expect((await inProcess(test).prov('reveal', id, 'params.customer')).status).toBe(2)
    test.write({ '../me.key': `${other}\n` })
    expect(await inProcess(test).ok('reveal', id, 'params.customer')).toBe('params.customer: AcmeCorp\n')
    expect(await inProcess(test).ok('verify')).toContain('every one matches its name')
  })

  it('are restored for a replay, which without a key says what is missing', async () => {
    const { test, open } = await restricting(fields)
    train(test)
    const id = runRecords(test)[0]?.id as string
    const blind = test.prov('replay', '--yes', id)
    expect(blind.stdout).toMatch(
      /its command contains <restricted:[0-9a-f]{12}>, which no key here opens \(prov.identity\)/,
    )
    open()
    expect(test.ok('replay', '--yes', id)).toContain(`replay of ${id.slice(0, 6)}  identical`)
    expectNowhere(test, 'AcmeCorp')
  })

  it('are encrypted in a run that another command closes', async () => {
    const { test, open } = await restricting(fields)
    const script = 'kill -9 $PPID'
    test.prov('run', '-q', '--', 'sh', '-c', script, 'sh', '--customer', 'AcmeCorp')
    await inProcess(test).ok('runs')
    const lost = finishedRuns(test)
    expect(lost.map(({ outcome }) => outcome?.status)).toEqual(['lost'])
    expectNowhere(test, 'AcmeCorp')
    expect(existsSync(join(test.path, `.git/prov/runs/${lost[0]?.runId}.json`))).toBe(false)
    open()
    expect(await inProcess(test).ok('show', runRecords(test)[0]?.id as string)).toContain('--customer AcmeCorp\n')
  })
})

describe('kinds of record that a policy restricts', () => {
  const kinds = '    kinds: {run: [clinician], remark: [clinician], capture: [clinician]}\n'

  it('keep in the clear who, when, about what and how it ended', async () => {
    const { test, open } = await restricting(kinds)
    const head = test.commit('more')
    train(test)
    const id = runRecords(test)[0]?.id as string
    await inProcess(test).ok('note', id, '--lesson', 'AcmeCorp pays late')
    expectNowhere(test, 'AcmeCorp', 'ward3.csv', 'pays late', '0.83')
    expect(await inProcess(test).ok('verify')).toContain('every one matches its name')
    const [run] = finishedRuns(test) as [Run]
    expect(run).toMatchObject({ about: { commit: head }, outcome: { status: 'ok' }, parameters: {}, inputs: [] })
    expect(run.metrics).toBeUndefined()
    expect((await captured(test)).datasets).toEqual({})
    expect(await inProcess(test).ok('show', id)).toMatch(
      /^restricted \(recipients: clinician; commitment [0-9a-f]{12}\)$/m,
    )
    for (const words of [['log', '-n', '1'], ['runs'], ['trace', id], ['lessons'], ['status']])
      await inProcess(test).ok(...words)

    open()
    const shown = await inProcess(test).ok('show', id)
    for (const text of ['--customer AcmeCorp', 'metric    f1  0.83', 'AcmeCorp pays late'])
      expect(shown).toContain(text)
    expect(test.ok('replay', '--yes', id)).toContain(`replay of ${id.slice(0, 6)}  identical`)
    expectNowhere(test, 'AcmeCorp', '0.83')
  })
})

it('a role without keys is reported by file and line', async () => {
  const { test } = await restricting(fields)
  test.write({
    'prov.yaml': readFileSync(join(test.path, 'prov.yaml'), 'utf8').replace(
      'hypothesis: [clinician]',
      'hypothesis: [nobody]',
    ),
  })
  const { status, stderr } = test.prov('run', '--', 'true')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^error: prov\.yaml:\d+:\d+: policy\.restricted\.recipients has no keys of 'nobody'\nhint: /)
})

it('verify reports a missing restricted record', async () => {
  const { test } = await restricting(fields)
  train(test)
  const index = { GIT_INDEX_FILE: join(test.path, '.git/other-index') }
  const git = (...args: string[]) => test.run('git', args, { env: index }).stdout.trim()
  git('read-tree', 'prov')
  git('rm', '-rq', '--cached', 'records/restricted')
  git('update-ref', 'refs/heads/prov', git('commit-tree', '-p', 'prov', '-m', 'gone', git('write-tree')))
  const { status, stdout } = await inProcess(test).prov('verify')
  expect(status).toBe(1)
  expect(stdout).toMatch(/holds <restricted:[0-9a-f]{12}>, which no restricted record has/)
})
