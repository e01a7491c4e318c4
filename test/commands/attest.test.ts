import { generateKeyPairSync, verify as verifySignature } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { preAuthEncoding } from '../../src/trust/attest/dsse.ts'
import { inProcess } from '../support/in-process.ts'
import { provRepository } from '../support/repository.ts'
import { allowSigners, signWith } from '../support/signing.ts'

// https://github.com/secure-systems-lab/dsse: the example of protocol.md.
it('signs the bytes that DSSE specifies', () => {
  expect(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  )
})

function withRun() {
  const test = provRepository({
    'data/train/a.csv': 'a\n',
    'make.sh': 'echo model >model.bin\nmkdir -p out\necho 1 >out/x\n',
  })
  test.ok(
    'run',
    '-q',
    '--stage',
    'train',
    '-p',
    'lr=0.1',
    '-i',
    'data/train',
    '-o',
    'model.bin',
    '-o',
    'out',
    '--',
    'sh',
    'make.sh',
  )
  const [{ id }] = test.notes().filter(({ kind, phase }) => kind === 'run' && phase === 'planned') as unknown as [
    { id: string },
  ]
  return { test, id }
}

describe('git prov attest', () => {
  it('states what a run made, from what, and how', async () => {
    const { test, id } = withRun()
    const statement = JSON.parse(await inProcess(test).ok('attest', id))
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: { externalParameters: { command: ['sh', 'make.sh'], parameters: { lr: 0.1 } } },
        runDetails: { builder: { id: 'mailto:mei@example.org' } },
      },
    })
    const digest = (file: string) => test.run('sha256sum', [file]).stdout.split(' ')[0]
    expect(statement.subject).toEqual(
      expect.arrayContaining([
        { name: 'model.bin', digest: { sha256: digest('model.bin') } },
        { name: 'out/x', digest: { sha256: digest('out/x') } },
      ]),
    )
    const dependencies = statement.predicate.buildDefinition.resolvedDependencies
    expect(dependencies[0]).toEqual({ name: 'commit', digest: { gitCommit: test.head() } })
  })

  it('states the commit, data and runs of a revision', async () => {
    const { test } = withRun()
    test.git('tag', 'v1')
    const statement = JSON.parse(await inProcess(test).ok('attest', 'v1'))
    expect(statement.subject).toEqual([{ name: 'v1', digest: { gitCommit: test.head() } }])
    expect(statement.predicate.buildDefinition.resolvedDependencies).toMatchObject([{ name: 'train' }])
    expect(statement.predicate.runDetails.byproducts).toHaveLength(2)
  })

  it('signs with a PEM key so that other tools can verify it, and detects a changed byte or file', async () => {
    const { test, id } = withRun()
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const [key, pub] = [join(test.path, '../key.pem'), join(test.path, '../pub.pem')]
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }))
    const file = join(test.path, '../run.json')
    expect(await inProcess(test).ok('attest', id, '--key', key, '-o', file)).toMatch(
      /run\.json {2}2 subjects, signed\n$/,
    )
    const envelope = JSON.parse(readFileSync(file, 'utf8'))
    const bytes = preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'))
    expect(verifySignature(null, bytes, publicKey, Buffer.from(envelope.signatures[0].sig, 'base64'))).toBe(true)
    expect(await inProcess(test).ok('attest', 'verify', file, '--key', pub)).toContain('signed by')
    appendFileSync(join(test.path, 'model.bin'), 'x')
    expect(await inProcess(test).prov('attest', 'verify', file, '--key', pub)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('but model.bin is not what was attested'),
    })
    const other = envelope.payload.replace(/^..../, 'eyJf')
    writeFileSync(
      file,
      JSON.stringify({
        ...envelope,
        payload: Buffer.from(Buffer.from(other, 'base64').toString().replace('train', 'tr4in')).toString('base64'),
      }),
    )
    expect((await inProcess(test).prov('attest', 'verify', file, '--key', pub)).stdout).toContain(
      'no trusted key signed it',
    )
  })

  it('signs with an SSH key, and accepts no other signer', async () => {
    const { test, id } = withRun()
    const line = signWith(test, 'mei@example.org')
    const file = join(test.path, '../run.json')
    await inProcess(test).ok('attest', id, '--key', join(test.path, '.git/key'), '-o', file)
    const signers = allowSigners(test, line.replace('namespaces="git"', 'namespaces="git,git-prov"'))
    expect(await inProcess(test).ok('attest', 'verify', file, '--allowed-signers', signers)).toContain(
      'signed by mei@example.org',
    )
    const others = allowSigners(test, signWith(test, 'eve@example.org', 'eve'))
    expect((await inProcess(test).prov('attest', 'verify', file, '--allowed-signers', others)).status).toBe(1)
  })

  it.each([
    [['attest'], 'attest takes one run or revision'],
    [['attest', 'nothing'], "'nothing' is neither a commit, a run nor a record here"],
    [['attest', 'HEAD', '--key', 'none.pem'], 'the key none.pem cannot be read'],
    [['attest', 'verify', 'none.json'], "there is no file 'none.json'"],
    [['attest', 'verify', 'prov.yaml'], 'prov.yaml is not a signed statement'],
  ])('%j is refused', async (words, message) => {
    const result = await inProcess(provRepository()).prov(...words)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(message)
  })
})
