import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Restricted } from '../../src/records/record.ts'
import { provRepository } from '../support/repository.ts'

it('what a policy took out of a run is an age file that age opens', () => {
  const test = provRepository()
  test.run('age-keygen', ['-o', join(test.path, '../me.key')])
  const recipient = readFileSync(join(test.path, '../me.key'), 'utf8').match(/age1[a-z0-9]+/)?.[0]
  const fields = '    fields: {params.customer: [reviewer]}\n    kinds: {remark: [reviewer]}\n'
  test.write({ 'prov.yaml': `policy:\n  restricted:\n    recipients:\n      reviewer: [${recipient}]\n${fields}` })
  test.ok('run', '-q', '--', 'true', '--customer', 'AcmeCorp')
  test.ok('note', JSON.parse(test.ok('runs', '--json')).id, '--lesson', 'pays late')
  const stored = test
    .branch('records/restricted')
    .map((path) => JSON.parse(test.git('show', `prov:${path}`)) as Restricted)
  const opened = stored.flatMap(({ fields: all }) =>
    Object.entries(all).map(([name, { ciphertext }]) => {
      const words = ['-c', `printf %s "$1" | base64 -d | age -d -i ../me.key`, 'sh', ciphertext]
      return [name, JSON.parse(test.run('sh', words).stdout).value]
    }),
  )
  expect(opened).toEqual(
    expect.arrayContaining([
      ['params.customer', 'AcmeCorp'],
      ['record', '{"lesson":"pays late"}'],
    ]),
  )
})

it('a restricted field is an age file that age opens, and a key of age-keygen reveals it', () => {
  const test = provRepository()
  test.run('age-keygen', ['-o', join(test.path, '../me.key')])
  const recipient = readFileSync(join(test.path, '../me.key'), 'utf8').match(/age1[a-z0-9]+/)?.[0]
  test.write({ 'prov.yaml': `policy:\n  restricted:\n    recipients:\n      reviewer: [${recipient}]\n` })
  const made = JSON.parse(test.ok('restrict', 'HEAD', '--to', 'reviewer', 'note=ward 3', '--json'))
  const script = `printf %s "$1" | base64 -d | age -d -i ../me.key`
  const opened = test.run('sh', ['-c', script, 'sh', made.fields.note.ciphertext])
  expect(opened.stderr).toBe('')
  const { field, value, key } = JSON.parse(opened.stdout)
  expect([field, value]).toEqual(['note', 'ward 3'])
  const hmac = `printf 'note\\0ward 3' | openssl dgst -sha256 -mac HMAC -macopt hexkey:${key} -r | cut -d' ' -f1`
  expect(test.run('sh', ['-c', hmac]).stdout.trim()).toBe(made.fields.note.commitment)
  expect(test.ok('reveal', made.id, '--identity', '../me.key')).toBe('note: ward 3\n')
})
