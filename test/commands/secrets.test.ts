import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, provRepository } from '../support/repository.ts'
import { plantSecrets } from '../support/secrets.ts'

const planted = plantSecrets(60, 11)
const secretAt = (index: number) => planted[index]?.secret as string

it('secrets in variables, parameters, paths and reasons are in no object of the ledger, and the user is told where they were', async () => {
  const repository = gitRepository({
    'params.yaml': `lr: 0.1\ndb:\n  password: ${secretAt(0)}\n  url: postgresql://ml:${secretAt(1)}@db/x\nhf_token: ${secretAt(2)}\n`,
    'params.json': JSON.stringify({
      api_keys: { 'wandb-api-key': secretAt(3) },
      callback: `https://x?token=${secretAt(4)}`,
    }),
    'params.toml': `[s3]\naws_secret_access_key = "${secretAt(5)}"\ncommand = "train --password ${secretAt(6)}"\n`,
    'prov.yaml': `datasets:\n  - name: train\n    path: data\nparameters: [params.yaml, params.json, params.toml, "cfg-${'ghp_'}${'Ab1'.repeat(12)}.yaml"]\nenvironment:\n  variables: [MY_PASSWORD, MY_URL, MY_FLAGS]\n`,
    'data/a.csv': 'a\n',
  })
  Object.assign(repository.env, {
    MY_PASSWORD: secretAt(7),
    MY_URL: `https://u:${secretAt(8)}@h/x?sig=${secretAt(9)}`,
    MY_FLAGS: `--api-key ${secretAt(10)} --cache ${repository.env.HOME}/cache`,
  })
  await inProcess(repository).ok('init')
  repository.write({ [`data/mei@example.org-${'ghp_'}${'Ab1'.repeat(12)}.csv`]: 'x' })
  repository.git('add', 'params.yaml', 'params.json', 'params.toml', 'prov.yaml', 'data/a.csv')
  const { stderr } = repository.run('git', ['commit', '-m', 'Baseline'])
  const text = repository.ledgerText()
  for (let index = 0; index <= 10; index++) expect(text, `secret ${index}`).not.toContain(secretAt(index))
  expect(text).not.toContain('ghp_Ab1')
  expect(text).not.toContain(repository.env.HOME)
  expect(stderr).toMatch(/^prov: kept out of the record: .+ \(.+\), .+ and \d+ more$/m)
  expect((await inProcess(repository).show()).parameters['params.yaml'].values['db.password']).toMatch(
    /^<secret:[0-9a-f]{8}>$/,
  )
  expect(repository.run('git', ['commit', '--allow-empty', '-m', 'Again']).stderr).not.toContain('kept out')
  expect((await inProcess(repository).prov('verify')).stdout).toMatch(/every one matches its name/)
})

it('the key is in the git directory, readable by its owner only, and created once', () => {
  const repository = provRepository()
  const file = join(repository.path, '.git/prov/redaction.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const key = readFileSync(file, 'utf8')
  expect(key).toMatch(/^[0-9a-f]{64}\n$/)
  repository.commit('Next')
  expect(readFileSync(file, 'utf8')).toBe(key)
  expect(repository.ledgerText()).not.toContain(key.trim())
})

it('clones that share a key give the same secret the same pseudonym, and others do not', async () => {
  const parameters = `password: ${secretAt(0)}\n`
  const origin = provRepository({ 'params.yaml': parameters, 'prov.yaml': 'parameters: [params.yaml]\n' })
  const shared = join(origin.env.HOME as string, 'team.key')
  writeFileSync(shared, `${'5e'.repeat(32)}\n`)
  const nameIn = async (index: number, own: boolean) => {
    const clone = cloneOf(origin)
    if (!own) clone.git('config', 'prov.redactionKeyFile', shared)
    await inProcess(clone).ok('init')
    clone.commit(`Change ${index}`, { 'params.yaml': `${parameters}n: ${index}\n` })
    expect(existsSync(join(clone.path, '.git/prov/redaction.key'))).toBe(own)
    return (await inProcess(clone).show()).parameters['params.yaml'].values.password
  }
  expect(await nameIn(1, false)).toBe(await nameIn(2, false))
  expect(await nameIn(3, true)).not.toBe(await nameIn(4, true))
})

it('an invalid key file does not stop a commit, and is reported', () => {
  const repository = provRepository()
  repository.git('config', 'prov.redactionKeyFile', '/nowhere/key')
  const { status, stderr } = repository.run('git', ['commit', '--allow-empty', '-m', 'x'])
  expect(status).toBe(0)
  expect(stderr).toMatch(/prov: not captured: prov\.redactionKeyFile cannot be read/)
})

it('words, rules and exceptions of prov.yaml apply; a pattern that could run forever is refused with its line', async () => {
  const policy = (pattern: string) => `parameters: [params.yaml]
policy:
  privacy:
    words: [Project Heron]
    allow: [hunter22hunter22]
    rules:
      - id: patient
        pattern: '${pattern}'
`
  const params = 'note: for Project Heron, PAT-123456\npassword: hunter22hunter22\n'
  const repository = provRepository({ 'params.yaml': params, 'prov.yaml': policy('PAT-\\d{6}') })
  const { values } = (await inProcess(repository).show()).parameters['params.yaml']
  expect(values.note).toMatch(/^for <private:\w{8}>, <secret:\w{8}>$/)
  expect(values.password).toBe('hunter22hunter22')
  repository.write({ 'prov.yaml': policy('(a+)+b') })
  const { status, stderr } = await inProcess(repository).prov('dataset', 'list')
  expect(stderr).toBe(
    "error: prov.yaml:8:18: policy.privacy.rules[0].pattern of 'patient' repeats a group\nhint:  write it with bounds, such as [a-z0-9]{20,60}\n",
  )
  expect(status).toBe(2)
})
