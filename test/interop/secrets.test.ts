import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { makeRedactor } from '../../src/privacy/redact.ts'
import { temporaryFolder } from '../support/repository.ts'
import { plantSecrets } from '../support/secrets.ts'

const tools = resolve(import.meta.dirname, '../../.ci/tools')
const redactor = makeRedactor({ key: Buffer.alloc(32, 3) })
const clean = (text: string) => redactor.redact(text, '').text

interface Linted {
  sourceContent: string
  messages: { range: [number, number]; messageId: string }[]
}

/** What secretlint finds in some texts, each a file of its own. */
function secretlint(texts: readonly string[]): Linted[] {
  const folder = temporaryFolder()
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] }
  writeFileSync(join(folder, '.secretlintrc.json'), JSON.stringify(config))
  for (const [n, text] of texts.entries()) writeFileSync(join(folder, `${n}.txt`), text)
  const program = join(tools, 'node/node_modules/.bin/secretlint')
  const options = ['--format', 'json', '--secretlintrc', join(folder, '.secretlintrc.json')]
  const rules = { ...process.env, NODE_PATH: join(tools, 'node/node_modules') }
  const { stdout, stderr } = spawnSync(program, [...options, `${folder}/*.txt`], {
    cwd: join(tools, 'node'),
    env: rules,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (!stdout.startsWith('[')) throw new Error(stderr)
  return JSON.parse(stdout) as Linted[]
}

it('whatever secretlint finds in 400 planted texts is gone from ours, and it finds but our pseudonyms in what is left', () => {
  const planted = plantSecrets(400, 77).map(({ text }) => text)
  const linted = secretlint(planted)
  const found = linted.flatMap(({ sourceContent, messages }) =>
    messages.map(({ range, messageId }) => ({ messageId, text: sourceContent, secret: sourceContent.slice(...range) })),
  )
  expect(found.length).toBeGreaterThan(100)
  expect(found.filter(({ text, secret }) => clean(text).includes(secret))).toEqual([])
  const left = secretlint(planted.map(clean)).flatMap(({ sourceContent, messages }) =>
    messages.map(({ range }) => sourceContent.slice(...range)),
  )
  expect(left.filter((text) => !/<secret:[0-9a-f]{8}>/.test(text))).toEqual([])
})

it('finds a secret in at most one line in fifty of real sources that hold none', () => {
  const lib = join(tools, 'venv/lib')
  const site = join(lib, readdirSync(lib)[0] as string, 'site-packages')
  const corpora = ['sklearn/linear_model', 'mlflow/tracking', 'dvclive', 'tensorboardX'].map((name) => {
    const files = readdirSync(join(site, name), { recursive: true, encoding: 'utf8' })
    const texts = files
      .filter((file) => file.endsWith('.py'))
      .map((file) => readFileSync(join(site, name, file), 'utf8'))
    const lines = texts.join('\n').split('\n').slice(0, 20_000)
    return { name, lines: lines.length, share: lines.filter((line) => clean(line) !== line).length / lines.length }
  })
  for (const { name, lines, share } of corpora) {
    expect(lines, name).toBeGreaterThan(500)
    expect(share, name).toBeLessThanOrEqual(0.02)
  }
})
