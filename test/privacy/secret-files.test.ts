import { expect, it } from 'vitest'
import { isSecretFile } from '../../src/privacy/secret-files.ts'

it.each([
  ['.env', true],
  ['deploy/.env.production', true],
  ['.env.example', false],
  ['.env.local.sample', false],
  ['environment.yml', false],
  ['src/env.py', false],
  ['.netrc', true],
  ['home/.pgpass', true],
  ['.ssh/id_ed25519', true],
  ['.ssh/id_ed25519.pub', false],
  ['tls/server.pem', true],
  ['server.key', true],
  ['keys.md', false],
  ['service-account-prod.json', true],
  ['credentials.json', true],
  ['credentials.py', false],
  ['kaggle.json', true],
])('%s is a file for secrets: %s', (path, answer) => {
  expect(isSecretFile(path)).toBe(answer)
})
