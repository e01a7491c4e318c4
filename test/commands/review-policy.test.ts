import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository } from '../support/repository.ts'

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')

it('a ledger without problems is reviewed, and the review is a record', async () => {
  const test = provRepository()
  test.git('remote', 'add', 'origin', 'https://mei:pw@git.example.org/x.git')
  test.git('config', 'prov.remote', 'origin')
  const out = await inProcess(test).ok('review-policy')
  expect(out.replace(/[0-9a-f]{12}/g, '<id>')).toMatch(
    /^ {2}reviewed <id>\n {2}wrote {3}mei@example.org {2}1 record, last \S+\n {2}reads {3}origin {2}https:\/\/\S*git\.example\.org\/x\.git\nprov: 1 record reviewed: nothing to do \(audit <id>\)\n$/,
  )
  expect(out).not.toContain('pw')
  expect(test.branch('records/audit')).toHaveLength(1)
  const id = out.match(/audit ([0-9a-f]{12})/)?.[1] as string
  expect(await inProcess(test).ok('show', id)).toContain('wrote   mei@example.org  1 record')
  expect(await inProcess(test).ok('verify')).toMatch(/every one matches its name/)
  await inProcess(test).ok('review-policy', '--dry-run')
  expect(test.branch('records/audit')).toHaveLength(1)
})

it('reports recorded secrets, records nobody owns and expiring keys, with what to type', async () => {
  const test = provRepository({ 'params.yaml': 'case: PAT-123456\n', 'prov.yaml': 'parameters: [params.yaml]\n' })
  const { id } = await inProcess(test).show()
  test.write({
    'prov.yaml': `parameters: [params.yaml]
policy:
  roles:
    release-owner:
      people: [ops@example.org]
  guard:
    signers: signers
  privacy:
    rules:
      - id: patient
        pattern: 'PAT-\\d{6}'
`,
    signers: `# keys\nops@example.org namespaces="git",valid-before="${day(10)}" ssh-ed25519 AAAA\nold@example.org valid-before="20200101" ssh-ed25519 AAAA\nnew@example.org valid-before="${day(400)}" ssh-ed25519 AAAA\n`,
  })
  const { status, stdout } = await inProcess(test).prov('review-policy', '--json')
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'audit',
    records: 1,
    writers: [{ email: 'mei@example.org', records: 1, named: false }],
    ownerless: { count: 1, records: [id] },
    secrets: [{ record: id, where: 'capture.parameters.params.yaml.values.case', rule: 'patient' }],
    keys: [
      { principal: 'ops@example.org', state: 'due' },
      { principal: 'old@example.org', until: '2020-01-01', state: 'expired' },
    ],
  })
  expect((await inProcess(test).prov('review-policy', '-n')).stdout).toContain(
    `(patient): git prov redact ${id.slice(0, 12)}`,
  )
})

it('a missing signers file is reported', async () => {
  const test = provRepository()
  test.write({ 'prov.yaml': 'policy:\n  guard:\n    signers: nowhere\n' })
  const { status, stderr } = await inProcess(test).prov('review-policy')
  expect(stderr).toMatch(/^error: policy.guard.signers of prov.yaml: ENOENT/)
  expect(status).toBe(2)
})
