import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { provRepository } from '../support/repository.ts'

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
