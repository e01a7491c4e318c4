import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { stringifyJson } from '../../src/base/json.ts'
import { recordPath } from '../../src/records/layout.ts'
import { buildRecord, type Redaction, type Rewrite } from '../../src/records/record.ts'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'
import { signWith } from '../support/signing.ts'
import { Workshop } from '../support/workshop.ts'

// Pushes to a bare repository with the guard in it, as a hostile or careless client would make them.

let server: TestRepository
let client: TestRepository
let shop: Workshop
let policyLine = ''

beforeAll(() => {
  client = provRepository({ 'data/train/a.csv': 'a\n', 'data/train/b.csv': 'b\n' })
  policyLine = signWith(client, 'mei@example.org')
  server = gitRepository({}, '--bare')
  server.git('config', 'receive.denyCurrentBranch', 'ignore')
  server.ok('guard', 'install')
  client.git('remote', 'add', 'origin', server.path)
  client.git('push', '--quiet', 'origin', 'main', 'prov')
  shop = new Workshop(client)
})

function push(...refspecs: string[]) {
  return client.run('git', ['push', '--quiet', '--no-verify', 'origin', ...refspecs])
}

function expectRefused(commit: string, reason: RegExp, ref = 'refs/heads/prov'): void {
  const before = server.run('git', ['for-each-ref']).stdout
  const result = push(`+${commit}:${ref}`)
  expect(result.status, result.stderr).not.toBe(0)
  expect(result.stderr).toMatch(reason)
  expect(result.stderr).toContain('prov: refused: ')
  expect(server.run('git', ['for-each-ref']).stdout).toBe(before)
}

const first = (under: string) => client.branch(under)[0] as string
const record = () => first('records')
const merge = (extra: Parameters<Workshop['commit']>[0]) => {
  const other = shop.commit({ add: shop.place(shop.capture()) })
  return shop.commit({ parents: [shop.tip(), other], ...extra })
}

type Case = [name: string, make: () => string, reason: RegExp]

const changes: Case[] = [
  ['a record changed', () => shop.commit({ add: { [record()]: '{}\n' } }), /was changed by commit/],
  ['an environment changed', () => shop.commit({ add: { [first('environments')]: '{}\n' } }), /was changed by/],
  ['a manifest changed', () => shop.commit({ add: { [first('manifests')]: '' } }), /was changed by/],
  ['README changed', () => shop.commit({ add: { 'README.md': 'other\n' } }), /README\.md: was changed by/],
  ['a schema changed', () => shop.commit({ add: { [first('schemas')]: '{}\n' } }), /was changed by/],
  ['a record removed', () => shop.commit({ remove: [record()] }), /was removed by/],
  ['an environment removed', () => shop.commit({ remove: [first('environments')] }), /was removed by/],
  ['a manifest removed', () => shop.commit({ remove: [first('manifests')] }), /was removed by/],
  ['README removed', () => shop.commit({ remove: ['README.md'] }), /was removed by/],
  ['a schema removed', () => shop.commit({ remove: [first('schemas')] }), /was removed by/],
  ['everything removed', () => shop.commit({ remove: client.branch() }), /was removed by/],
  [
    'a record moved to another day',
    () => shop.commit({ remove: [record()], add: { [record().replace(/\d{4}-\d\d-\d\d/, '2020-01-01')]: 'x' } }),
    /was removed by/,
  ],
  [
    'a manifest moved to another name',
    () => shop.commit({ remove: [first('manifests')], add: { [`manifests/ab/${'ab'.repeat(32)}.txt`]: '' } }),
    /was removed by/,
  ],
  [
    'a record made a link',
    () => shop.commit({ add: { [record()]: { mode: '120000', oid: shop.blob('/etc/passwd') } } }),
    /was changed by/,
  ],
  [
    'a record made executable',
    () => {
      const [, , oid] = client.git('ls-tree', 'prov', record()).split(/[ \t]/)
      return shop.commit({ add: { [record()]: { mode: '100755', oid: oid as string } } })
    },
    /was changed by/,
  ],
  [
    'README made a link',
    () => shop.commit({ add: { 'README.md': { mode: '120000', oid: shop.blob('x') } } }),
    /was changed by/,
  ],
]

const twice: Case[] = [
  [
    'changed, then restored',
    () => {
      const text = client.git('show', `prov:${record()}`)
      const bad = shop.commit({ add: { [record()]: '{}\n' } })
      return shop.commit({ parents: [bad], add: { [record()]: `${text}\n` } })
    },
    /was changed by/,
  ],
  [
    'removed, then restored',
    () => {
      const text = client.git('show', `prov:${record()}`)
      return shop.commit({ parents: [shop.commit({ remove: [record()] })], add: { [record()]: `${text}\n` } })
    },
    /was removed by/,
  ],
  [
    'a stray file added, then removed',
    () => shop.commit({ parents: [shop.commit({ add: { stray: 'x' } })], remove: ['stray'] }),
    /was removed by/,
  ],
  [
    'a secret record added, then removed',
    () => {
      const place = shop.place(shop.capture())
      return shop.commit({ parents: [shop.commit({ add: place })], remove: Object.keys(place) })
    },
    /was removed by/,
  ],
]

const histories: Case[] = [
  ['replaced by a shorter history', () => client.git('rev-parse', 'prov~1'), /would be replaced/],
  ['a side history', () => shop.commit({ parents: [client.git('rev-parse', 'prov~1')] }), /would be replaced/],
  ['another root', () => shop.commit({ parents: [], add: { 'README.md': 'x' } }), /would be replaced/],
  [
    'another root merged in',
    () => shop.commit({ parents: [shop.tip(), shop.commit({ parents: [], add: shop.place(shop.capture()) })] }),
    /is a root commit that git-prov did not make/,
  ],
  [
    'the code merged in',
    () => shop.commit({ parents: [shop.tip(), client.head()] }),
    /is a root commit that git-prov did not make|was removed by/,
  ],
  ['a merge that drops what the other side added', () => merge({}), /was removed by/],
  ['a merge that changes a record', () => merge({ add: { [record()]: '{}\n' } }), /was changed by/],
  [
    'an octopus that drops one side',
    () => {
      const sides = [shop.capture(), shop.capture()].map((one) => shop.commit({ add: shop.place(one) }))
      return shop.commit({ parents: [sides[0] as string, sides[1] as string, shop.tip()] })
    },
    /was removed by/,
  ],
  [
    'a merge with a stray file of its own',
    () => {
      const capture = shop.capture()
      const other = shop.commit({ add: shop.place(capture) })
      return shop.commit({ parents: [shop.tip(), other], add: { ...shop.place(capture), stray: 'x' } })
    },
    /is not a path git-prov writes/,
  ],
  ['a tree instead of a commit', () => client.git('rev-parse', 'prov^{tree}'), /must point to a commit/],
  ['a blob instead of a commit', () => shop.blob('x'), /must point to a commit/],
  [
    'a tag object instead of a commit',
    () => {
      client.git('tag', '--force', '-a', '-m', 'x', 'evil', 'prov')
      return client.git('rev-parse', 'refs/tags/evil')
    },
    /must point to a commit/,
  ],
]

const names: Case[] = [
  ['a file at the top', () => shop.commit({ add: { 'evil.sh': 'x' } }), /evil\.sh: is not a path git-prov writes/],
  ['.gitattributes', () => shop.commit({ add: { '.gitattributes': '* filter=x' } }), /is not a path/],
  ['.gitmodules', () => shop.commit({ add: { '.gitmodules': 'x' } }), /is not a path/],
  ['a workflow', () => shop.commit({ add: { '.github/workflows/x.yml': 'x' } }), /is not a path/],
  ['..', () => shop.oddName('..'), /is not a path/],
  ['.git', () => shop.oddName('.git'), /is not a path/],
  ['a name with a newline', () => shop.oddName('a\nb'), /is not a path/],
  ['a name with an escape', () => shop.oddName('a\u001b[31m'), /is not a path/],
  [
    'a record of an odd name',
    () => shop.commit({ add: { 'records/capture/2026-11-25/ab/evil name.json': '{}\n' } }),
    /is not a path/,
  ],
  [
    'a record in the wrong folder',
    () => {
      const [path = '', text = ''] = Object.entries(shop.place(shop.capture()))[0] ?? []
      const shard = path.split('/')[3] === '00' ? '01' : '00'
      return shop.commit({ add: { [path.replace(/\/..\//, `/${shard}/`)]: text } })
    },
    /is not a path/,
  ],
  [
    'a record on the wrong day',
    () => {
      const [path = '', text = ''] = Object.entries(shop.place(shop.capture()))[0] ?? []
      return shop.commit({ add: { [path.replace('2026-11-25', '2026-11-24')]: text } })
    },
    /belongs at records/,
  ],
  [
    'a record under another kind',
    () => {
      const { id, text, record: made } = shop.capture()
      return shop.commit({ add: { [recordPath('run', made.time, id)]: text } })
    },
    /belongs at records\/capture/,
  ],
  [
    'upper-case digits',
    () => shop.commit({ add: { [`environments/AB/${'AB'.repeat(32)}.json`]: '{}\n' } }),
    /is not a path/,
  ],
  ['a schema of an odd name', () => shop.commit({ add: { 'schemas/evil.sh': 'x' } }), /is not a path/],
]

const modes: Case[] = [
  [
    'a new record as a link',
    () => {
      const [path = ''] = Object.keys(shop.place(shop.capture()))
      return shop.commit({ add: { [path]: { mode: '120000', oid: shop.blob('/etc/passwd') } } })
    },
    /has mode 120000/,
  ],
  [
    'a new record as a program',
    () => {
      const [[path, text]] = Object.entries(shop.place(shop.capture())) as [[string, string]]
      return shop.commit({ add: { [path]: { mode: '100755', oid: shop.blob(text) } } })
    },
    /has mode 100755/,
  ],
  [
    'a new record as a submodule',
    () => {
      const [path = ''] = Object.keys(shop.place(shop.capture()))
      return shop.commit({ add: { [path]: { mode: '160000', oid: client.head() } } })
    },
    /is not a regular file|has mode 160000/,
  ],
]

const valid = () => shop.capture().record
/** By a version that is not out yet. */
const byNewer = { tool: { name: 'git-prov', version: '99.0.0' } }
const texts: Case[] = [
  [
    'a name that is not the digest',
    () => shop.commit({ add: { [`environments/ab/${'ab'.repeat(32)}.json`]: '{}\n' } }),
    /does not have the content its name says/,
  ],
  ['no JSON', () => shop.commit({ add: shop.placeText('hello\n') }), /is not JSON/],
  [
    'keys out of order',
    () => shop.commit({ add: shop.placeText('{\n  "b": 1,\n  "a": 2\n}\n') }),
    /not in the JSON form/,
  ],
  ['a key twice', () => shop.commit({ add: shop.placeText('{\n  "a": 1,\n  "a": 2\n}\n') }), /not in the JSON form/],
  [
    '__proto__',
    () => shop.commit({ add: shop.placeText('{\n  "__proto__": {}\n}\n') }),
    /not in the JSON form|schema|belongs|kind/,
  ],
  ['a list', () => shop.commit({ add: shop.placeText('[]\n') }), /is not a JSON object/],
  [
    'bytes that are no text',
    () => shop.commit({ add: shop.placeText(Buffer.from([0xff, 0xfe, 0x00])) }),
    /is not JSON/,
  ],
  [
    'a field nobody knows',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), evil: 1 })) }),
    /has an unknown member 'evil'/,
  ],
  [
    'a field missing',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), datasets: undefined })) }),
    /must have required property/,
  ],
  [
    'a field of another type',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), late: 'yes' })) }),
    /late must be boolean/,
  ],
  [
    'a kind nobody knows, that is no record',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), kind: 'evil', agent: 'me' }), 'evil') }),
    /agent must be object/,
  ],
  [
    'a kind nobody knows, in the folder of another',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), kind: 'evil' }), 'capture') }),
    /belongs at/,
  ],
  [
    'a name that no kind may have',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), kind: 'Evil_1' }), 'Evil_1') }),
    /is not a path git-prov writes/,
  ],
  [
    'a field that a newer version is said to know, beside one that is wrong',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), ...byNewer, late: 'yes', more: 1 })) }),
    /late must be boolean|unknown member/,
  ],
  [
    'a version nobody knows',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), version: 99 })) }),
    /does not know/,
  ],
  [
    'a record of 5 MB',
    () => shop.commit({ add: shop.placeText(stringifyJson({ ...valid(), evil: 'x'.repeat(5e6) })) }),
    /bytes long/,
  ],
  ['an environment that is none', () => shop.commit({ add: shop.environment('{}\n') }), /must have required property/],
  [
    'a manifest out of order',
    () => {
      const text = `${'a'.repeat(64)}  b\n${'b'.repeat(64)}  a\n`
      return shop.commit({ add: { [`manifests/${digestOf(text).slice(0, 2)}/${digestOf(text)}.txt`]: text } })
    },
    /is out of order/,
  ],
  [
    'a manifest that is none',
    () => {
      const text = 'hello\n'
      return shop.commit({ add: { [`manifests/${digestOf(text).slice(0, 2)}/${digestOf(text)}.txt`]: text } })
    },
    /not in sha256sum's format/,
  ],
  [
    'an environment that is not there',
    () => {
      const digest = 'd'.repeat(64)
      return shop.commit({ add: shop.place(shop.capture({ environment: { digest, host: digest, software: digest } })) })
    },
    /which is not on the branch/,
  ],
  [
    'a manifest that is not there',
    () =>
      shop.commit({
        add: shop.place(
          shop.capture({
            datasets: { x: { path: 'x', state: 'complete', source: 'git', digest: 'c'.repeat(64), manifest: true } },
          }),
        ),
      }),
    /which is not on the branch/,
  ],
  [
    'a link to a record that is not there',
    () =>
      shop.commit({
        add: shop.place(shop.capture({ links: [{ rel: 'supersedes', to: `record:${'c'.repeat(64)}` }] })),
      }),
    /which is not on the branch/,
  ],
]

describe('the guard refuses', () => {
  it.each([...changes, ...twice, ...histories, ...names, ...modes, ...texts])('%s', (_, make, reason) => {
    expectRefused(make(), reason)
  })

  it('the same laundered through a branch it does not guard', () => {
    const commit = shop.commit({ add: { 'evil.sh': 'x' } })
    expect(push(`${commit}:refs/heads/innocent`).status).toBe(0)
    expectRefused(commit, /evil\.sh: is not a path/)
  })

  it('the same in an inbox', () => {
    expectRefused(shop.commit({ add: { 'evil.sh': 'x' } }), /is not a path/, 'refs/prov/inbox/abc')
  })

  it('the branch deleted, and an inbox whose records are nowhere else', () => {
    expect(push(':refs/heads/prov').stderr).toMatch(/cannot be deleted/)
    const commit = shop.commit({ add: shop.place(shop.capture()) })
    expect(push(`${commit}:refs/prov/inbox/lost`).status).toBe(0)
    expect(push(':refs/prov/inbox/lost').stderr).toMatch(/cannot be deleted/)
    expectRefused(shop.commit({}), /would be replaced/, 'refs/prov/inbox/lost')
  })

  it('notes, which every clone makes for itself', () => {
    expect(push('refs/notes/prov').stderr).toMatch(/notes are made in each clone/)
  })
})

describe('the guard holds the policy of the default branch', () => {
  const policy = (text: string) => {
    writeFileSync(join(client.path, 'prov.yaml'), text)
    writeFileSync(join(client.path, 'signers'), policyLine)
    client.commit('policy')
    client.git('push', '--quiet', '--no-verify', 'origin', 'main')
  }
  const strict =
    'policy:\n  guard:\n    signatures: required\n    agents: own\n    signers: signers\n    writers: { rewrite: [keeper], data-card: [keeper] }\n  roles:\n    keeper: { people: [keeper@example.org] }\n'

  it('signatures, agents and writers', () => {
    policy(strict)
    const capture = () => shop.place(shop.capture())
    expectRefused(shop.commit({ add: capture() }), /is not signed \(mei@example\.org\)/)
    expectRefused(
      shop.commit({
        add: shop.place(shop.capture({ agent: { name: 'Boss', email: 'boss@example.org' } })),
        sign: true,
      }),
      /says it is by boss@example\.org, who neither signed nor pushed it \(mei@example\.org\)/,
    )
    const rewrite = buildRecord<Rewrite>(
      {
        kind: 'rewrite',
        agent: { name: 'Mei Chen', email: 'mei@example.org' },
        about: { commit: 'a'.repeat(40), tree: 'b'.repeat(40), parents: [] },
        by: 'amend',
        rewritten: [{ from: 'c'.repeat(40), to: 'a'.repeat(40) }],
      },
      new Date('2026-11-25T09:00:00.000Z'),
    )
    expectRefused(shop.commit({ add: shop.place(rewrite), sign: true }), /may not write records of kind rewrite/)
    // A kind that only a newer version knows is held to the same.
    const card = (email: string, kind = 'model-card') =>
      shop.placeText(stringifyJson({ ...valid(), kind, agent: { name: 'x', email } }), kind)
    expectRefused(shop.commit({ add: card('mei@example.org') }), /is not signed/)
    expectRefused(shop.commit({ add: card('boss@example.org'), sign: true }), /who neither signed nor pushed it/)
    expectRefused(shop.commit({ add: card('mei@example.org', 'data-card'), sign: true }), /of kind data-card/)

    const mine = client.git('config', 'user.signingkey')
    signWith(client, 'eve@example.org', 'eve')
    expectRefused(shop.commit({ add: capture(), sign: true }), /signed by an untrusted key/)
    client.git('config', 'user.signingkey', mine)

    const signed = shop.commit({ add: capture(), sign: true })
    const raw = client.git('cat-file', 'commit', signed)
    const forged = client.run('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: `${raw.replace(/\n\nx$/, '\n\ny')}\n`,
    })
    expectRefused(forged.stdout.trim(), /signature that does not match|untrusted key/)
    // The policy that is being pushed is not the one that counts.
    writeFileSync(join(client.path, 'prov.yaml'), '')
    client.commit('no policy')
    const unsigned = shop.commit({ add: capture() })
    expect(push('main', `${unsigned}:refs/heads/prov`).stderr).toMatch(/is not signed/)
    client.git('reset', '--quiet', '--hard', 'HEAD~1')

    const pushed = push(`${signed}:refs/heads/prov`)
    expect(pushed, pushed.stderr).toMatchObject({ status: 0 })
    client.git('fetch', '--quiet', 'origin', '+prov:refs/remotes/origin/prov')
    client.git('update-ref', 'refs/heads/prov', 'refs/remotes/origin/prov')
    const before = shop.commit({ add: capture() })
    const vouching = shop.commit({ parents: [before], add: capture(), sign: true })
    expect(push(`${vouching}:refs/heads/prov`)).toMatchObject({ status: 0 })
    client.git('update-ref', 'refs/heads/prov', vouching)
  })

  it('who may let files go', () => {
    const path = Object.keys(shop.place(shop.capture()))[0] as string
    const added = shop.capture()
    const base = shop.commit({ add: shop.place(added) })
    const gone = Object.keys(shop.place(added))[0] as string
    const redaction = (email: string) =>
      buildRecord<Redaction>(
        { kind: 'redaction', agent: { name: 'x', email }, removes: [gone], files: [{ path: gone }] },
        new Date('2026-11-25T09:00:00.000Z'),
      )
    const letting = (email: string) =>
      shop.commit({ parents: [base], add: shop.place(redaction(email)), remove: [gone] })
    policy('')
    expectRefused(letting('keeper@example.org'), /was removed by/)
    policy(
      'policy:\n  guard: { writers: { redaction: [keeper] } }\n  roles: { keeper: { people: [keeper@example.org] } }\n',
    )
    expectRefused(letting('mei@example.org'), /may not write records of kind redaction/)
    expectRefused(shop.commit({ parents: [base], remove: [gone, path] }), /was removed by/)
    const good = letting('keeper@example.org')
    expect(push(`${good}:refs/heads/prov`)).toMatchObject({ status: 0 })
    client.git('update-ref', 'refs/heads/prov', good)
  })

  it('signed pushes, and not a certificate of another push', () => {
    policy('policy:\n  guard:\n    signed-push: required\n')
    const commit = shop.commit({ add: shop.place(shop.capture()) })
    expectRefused(commit, /the push is not signed/)
    const line = `${shop.tip()} ${commit} refs/heads/prov\n`
    client.git('push', '--quiet', 'origin', `${commit}:refs/heads/parked`)
    const receive = (status: string, signer: string, nonce: string) =>
      server.run(process.execPath, [join(import.meta.dirname, '../../dist/git-prov.js'), 'guard', 'receive'], {
        input: line,
        env: {
          ...server.env,
          GIT_PUSH_CERT_STATUS: status,
          GIT_PUSH_CERT_SIGNER: signer,
          GIT_PUSH_CERT_NONCE_STATUS: nonce,
        },
      })
    expect(receive('G', 'mei@example.org', 'SLOP').stderr).toMatch(/not for this push \(nonce SLOP\)/)
    expect(receive('G', '', 'OK').stderr).toMatch(/not signed by an allowed signer/)
    expect(receive('B', 'mei@example.org', 'OK').stderr).toMatch(/not signed by an allowed signer/)
    expect(receive('G', 'mei@example.org', 'OK')).toMatchObject({ status: 0, stderr: '' })
    policy('')
  })
})

describe('the guard takes', () => {
  const taken = (refspec: string) => {
    const result = push(refspec)
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
  }
  const advance = (commit: string) => {
    taken(`${commit}:refs/heads/prov`)
    client.git('update-ref', 'refs/heads/prov', commit)
  }

  it('what a newer version wrote: a kind of its own, a member more, a collector more', () => {
    const pixi = { packages: { numpy: '2.1.0' }, from: 'pixi.lock' }
    const add = {
      ...shop.placeText(stringifyJson({ ...valid(), kind: 'model-card', anything: [1] }), 'model-card'),
      ...shop.placeText(stringifyJson({ ...valid(), ...byNewer, more: 1, series: 5, inputs: null })),
      ...shop.environment(stringifyJson({ version: 1, host: {}, software: { pixi } })),
    }
    advance(shop.commit({ add }))
  })

  it.each<[string, () => void]>([
    ['a capture', () => advance(shop.commit({ add: shop.place(shop.capture()) }))],
    [
      'twenty in one push',
      () => {
        let tip = shop.tip()
        for (let n = 0; n < 20; n++) tip = shop.commit({ parents: [tip], add: shop.place(shop.capture()) })
        advance(tip)
      },
    ],
    [
      'a join of two clones',
      () => {
        const [a, b] = [shop.capture(), shop.capture()]
        const [left, right] = [a, b].map((one) => shop.commit({ add: shop.place(one) })) as [string, string]
        advance(shop.commit({ parents: [left, right], add: shop.place(b) }))
      },
    ],
    [
      'an octopus that keeps everything',
      () => {
        const made = [shop.capture(), shop.capture(), shop.capture()]
        const sides = made.map((one) => shop.commit({ add: shop.place(one) }))
        advance(shop.commit({ parents: sides, add: Object.assign({}, ...made.map((one) => shop.place(one))) }))
      },
    ],
    [
      'a run',
      () => {
        const run = aRun({ environment: { missing: 'x' } })
        advance(shop.commit({ add: shop.place(run) }))
      },
    ],
    [
      'an imported run by somebody else',
      () => {
        const run = aRun(
          {
            environment: { missing: 'x' },
            agent: { name: 'A', email: 'a@example.org' },
            imported: { from: 'dvc', source: 'x', key: 'y' },
          },
          7,
        )
        advance(shop.commit({ add: shop.place(run) }))
      },
    ],
    ['a schema of a later version', () => advance(shop.commit({ add: { 'schemas/later.v2.schema.json': '{}\n' } }))],
    ['the same commit again', () => taken('prov:refs/heads/prov')],
    ['an inbox', () => taken(`${shop.commit({ add: shop.place(shop.capture()) })}:refs/prov/inbox/one`)],
    [
      'an inbox that grows, is folded in and cleared by one push',
      () => {
        const [a, b] = [shop.capture(), shop.capture()]
        const box = shop.commit({ add: shop.place(a) })
        taken(`${box}:refs/prov/inbox/two`)
        const grown = shop.commit({ parents: [box], add: shop.place(b) })
        taken(`${grown}:refs/prov/inbox/two`)
        const result = push(`${grown}:refs/heads/prov`, ':refs/prov/inbox/two')
        expect(result.stderr).toBe('')
        client.git('update-ref', 'refs/heads/prov', grown)
        expect(server.run('git', ['rev-parse', '--verify', '--quiet', 'refs/prov/inbox/two']).status).not.toBe(0)
      },
    ],
    [
      'code',
      () => {
        client.commit('code', { 'x.py': 'print()\n' })
        taken('main')
      },
    ],
    [
      'code with a stray file of any name',
      () => taken(`${client.commit('odd', { 'records/x.json': '{' })}:refs/heads/topic`),
    ],
    [
      'a tag',
      () => {
        client.git('tag', 'v1')
        taken('v1')
      },
    ],
    ['a branch deleted that is none of ours', () => taken(':refs/heads/topic')],
    [
      'captures that the real thing made',
      () => {
        client.commit('really')
        taken('prov:refs/heads/prov')
      },
    ],
  ])('%s', (_, act) => act())
})

it('uninstall puts back the hook that was there', () => {
  const bare = gitRepository({}, '--bare')
  const hook = join(bare.path, '.git/hooks/pre-receive')
  const path = hook.replace('/.git/', '/')
  writeFileSync(path, '#!/bin/sh\necho theirs >&2\n', { mode: 0o755 })
  bare.ok('guard', 'install')
  expect(bare.run(path, [], { input: '' }).stderr).toBe('theirs\n')
  expect(bare.ok('guard', 'install')).toContain('already installed')
  bare.ok('guard', 'uninstall')
  expect(bare.run('cat', [path]).stdout).toBe('#!/bin/sh\necho theirs >&2\n')
})

it('guard check says the same in CI, of a range and of the whole branch', () => {
  const test = provRepository()
  expect(test.ok('guard', 'check')).toBe('prov: refs/heads/prov complies with the policy\n')
  const forge = new Workshop(test)
  const bad = forge.commit({ add: { stray: 'x' } })
  const result = test.prov('guard', 'check', `prov..${bad}`)
  expect(result.status).toBe(1)
  expect(result.stdout).toContain('stray: is not a path git-prov writes')
  expect(test.prov('guard', 'check', `${bad}..prov`).stdout).toContain('its history was replaced')
})
