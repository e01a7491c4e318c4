import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeRedactor } from '../../src/privacy/redact.ts'
import { redactCommand, redactDeep, sayFound } from '../../src/privacy/redact-values.ts'
import { plantSecrets, shaped } from '../support/secrets.ts'

const key = Buffer.alloc(32, 7)
const words = {
  users: ['mchen', 'root', 'al'],
  hosts: ['gpu7.cluster.example.org'],
  homes: ['/data/people/mchen'],
  words: ['Project Heron'],
}
const redactor = makeRedactor({ words, key })
const clean = (text: string) => redactor.redact(text, 'here').text
const pseudonym = /<(secret|user|host|home|email|private):[0-9a-f]{8}>/

describe('secrets in text', () => {
  it.each(plantSecrets(200).map(({ place, text, secret }) => [place, text, secret]))('%s: %s', (_, text, secret) => {
    expect(clean(text)).not.toContain(secret)
    expect(clean(text)).toMatch(pseudonym)
  })

  it.each(Object.keys(shaped))('%s is known by its form alone, in the middle of words', (name) => {
    const [planted] = plantSecrets(1)
    const secret = shaped[name]?.((alphabet, length) =>
      Array.from(
        { length },
        (_, i) => alphabet[(i * 17 + 5 + (planted as { secret: string }).secret.length) % alphabet.length],
      ).join(''),
    ) as string
    expect(clean(`see (${secret}), then`)).toMatch(/^see \(<secret:[0-9a-f]{8}>\), then$/)
  })

  it('takes a whole private key', () => {
    const pem = [
      '-----BEGIN OPENSSH PRIVATE ',
      'KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE ',
      'KEY-----',
    ].join('')
    expect(clean(`a\n${pem}\nb`)).toMatch(/^a\n<secret:\w+>\nb$/)
  })

  it('leaves what was replaced before as it is', () => {
    const once = clean('train.py --password hunter22 mchen@gpu7 /home/mchen/x https://u:hunter22@x/ key=1')
    expect(clean(once)).toBe(once)
  })

  it('has the same pseudonym for the same secret under one key, and another under another', () => {
    const token = shaped.github?.((alphabet, length) => alphabet.slice(0, length)) as string
    const name = (text: string) => text.match(/<secret:\w+>/)?.[0]
    expect(name(clean(`--token=${token}`))).toBe(name(clean(`https://x:${token}@h/`)))
    expect(name(makeRedactor({ key: Buffer.alloc(32, 8) }).redact(token, '').text)).not.toBe(name(clean(token)))
  })
})

it.each([
  'Authorization: token abc123def',
  'Authorization: Basic dXNlcjpodW50ZXIy',
  '"Authorization": "Bearer abc123"',
])('%s: the scheme stays', (text) =>
  expect(clean(text).replace(/:\w{8}>/, '>')).toBe(text.replace(/(?<= )\S+?(?="?$)/, '<secret>')),
)

describe('people and places', () => {
  it.each([
    ['/home/mchen/data/x.csv', /^<home:\w+>\/data\/x\.csv$/],
    ['file:///Users/Mei/data', /^file:\/\/<home:\w+>\/data$/],
    ['C:\\Users\\Mei Chen\\x', /^<home:\w+> Chen\\x$/],
    ['/root/.cache/x', /^<home:\w+>\/\.cache\/x$/],
    ['/data/people/mchen/x', /^<home>\/x$/],
    ['/data/people/mchenry/x and /data/people/mchen', /^\/data\/people\/mchenry\/x and <home>$/],
    ['/scratch/mchen/run1', /^\/scratch\/<user:\w+>\/run1$/],
    ['from gpu7 and gpu7.cluster.example.org', /^from <host:\w+> and <host:\w+>$/],
    ['data/mei.chen@example.org/a.csv', /^data\/<email:\w+>\/a\.csv$/],
    ['ssh://mchen@git.example.org/x', /^ssh:\/\/<user:\w+>@git\.example\.org\/x$/],
    ['for Project Heron only', /^for <private:\w+> only$/],
  ])('%s', (text, expected) => {
    expect(clean(text)).toMatch(expected)
  })
})

describe('what is none', () => {
  it.each([
    '--max-tokens 512 --pad-token "[PAD]" --eos_token "</s>" --tokenizer bert-base-uncased',
    'num_tokens: 1024\ntoken_type_ids: true\nsort_key: name',
    'git@github.com:iterative/example-get-started.git',
    'ssh://git@github.com/x/y.git',
    'password: $DB_PASSWORD',
    `token: \${{ secrets.GITHUB_TOKEN }}`,
    'api_key = os.environ["API_KEY"]',
    'private_key_path: ~/.ssh/id_ed25519',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    'SHA256E-s1048576--9f2c41d0aa9f2c41d0aa9f2c41d0aa9f2c41d0aa9f2c41d0aa9f2c41d0aa1234.csv',
    'key: 9f2c41d0aa9f2c41d0aa9f2c41d0aa9f2c41d0aa',
    'Qwen/Qwen2.5-Coder-7B-Instruct-GPTQ-Int4 meta-llama/Meta-Llama-3.1-70B-Instruct',
    'experiments/RunAlpha1/CheckpointsEpoch10BestModelWeightsFinal.safetensors',
    'https://example.org/home/page?page=2',
    'def f(password: str, token: Optional[str] = None):',
    'self.token = args.token',
    'pip install numpy@1.26 and @types/node@20',
    'algebra alpha al2 normal',
    'author: Mei',
    '"pwd": "downloaded_data/UNFCCC/2026_GHGIA"',
    "url = f'postgresql://{user}:{password}@{host}:{port}/{database}'",
    'https://files.example.org/packages/9b/95/a3fac87cb7158e231b5a6012e438c647e1a87f09f8e0d123acec8ab8bf71/PyYAML-6.0.2-cp310.whl',
    'print(f"FLOPs per token: {num_flops_per_token:e}")',
  ])('%s', (text) => {
    expect(clean(text)).toBe(text)
  })

  it('finds at most one line in fifty of our own source', () => {
    const src = resolve(import.meta.dirname, '../../src')
    const lines = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .flatMap((name) => readFileSync(join(src, name), 'utf8').split('\n'))
    const changed = lines.filter((line) => clean(line) !== line)
    expect(changed.length / lines.length).toBeLessThanOrEqual(0.02)
  })
})

describe('values whose names are known', () => {
  it('a command', () => {
    const { value, found } = redactCommand(
      redactor,
      ['python', 'train.py', '--password', 'a,b;c d', 'api_key=x,y;z', '--lr', '0.01', '--out=/home/mchen/o'],
      'command',
    )
    expect(value.map((text) => text.replace(/:\w{8}>/, '>'))).toEqual([
      'python',
      'train.py',
      '--password',
      '<secret>',
      'api_key=<secret>',
      '--lr',
      '0.01',
      '--out=<home>/o',
    ])
    expect(found).toEqual([
      { where: 'command[3]', rule: 'secret-name' },
      { where: 'command[4]', rule: 'secret-name' },
      { where: 'command[7]', rule: 'home-path' },
    ])
  })

  it('deep JSON, with passwords that are numbers and lists under a name', () => {
    const { value, found } = redactDeep(
      redactor,
      { db: { password: 31415926, host: 'x' }, tokens: 5, api_keys: [1], secrets: ['hunter22'], max_token: 7 },
      'parameters',
    )
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      db: { password: expect.stringMatching(pseudonym), host: 'x' },
      tokens: 5,
      api_keys: [1],
      secrets: [expect.stringMatching(pseudonym)],
      max_token: 7,
    })
    expect(sayFound(found)).toBe(
      'prov: kept out of the record: parameters.db.password (secret-name), parameters.secrets[0] (secret-name)',
    )
  })

  it('an own rule, and a text that is allowed', () => {
    const own = makeRedactor({ key, rules: [{ id: 'patient', pattern: 'PAT-\\d{4}' }], allow: ['PAT-0000'] })
    expect(own.redact('PAT-1234 PAT-0000', 'x')).toEqual({
      text: expect.stringMatching(/^<secret:\w{8}> PAT-0000$/),
      found: [{ where: 'x', rule: 'patient' }],
    })
  })

  it('ends in time on long hostile text', () => {
    const hostile = [
      'token='.repeat(20_000),
      'a.'.repeat(60_000),
      '--x '.repeat(40_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(4000),
    ]
    for (const text of hostile) expect(clean(text).length).toBeGreaterThan(0)
  })
})
