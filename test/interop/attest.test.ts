import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { provRepository } from '../support/repository.ts'

const python = resolve(import.meta.dirname, '../../.ci/tools/venv/bin/python')

// The reference implementations of DSSE (securesystemslib) and of in-toto statements (in-toto-attestation).
const check = `
import json, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

envelope = json.load(open(sys.argv[1]))
public = load_pem_public_key(open(sys.argv[2], 'rb').read())
key = SSlibKey.from_crypto(public, keyid=envelope['signatures'][0]['keyid'])
read = Envelope.from_dict(envelope)
read.verify([key], 1)
statement = json.loads(read.payload)
parsed = ParseDict(statement, statement_pb2.Statement())
Statement.copy_from_pb(parsed).validate()
ParseDict(statement['predicate'], provenance_pb2.Provenance())
print('verified', len(statement['subject']))
`

it('an attestation passes the verifiers of others, and a forged one does not', () => {
  const test = provRepository({ 'make.sh': 'echo model >model.bin\n' })
  test.ok('run', '-q', '-o', 'model.bin', '--', 'sh', 'make.sh')
  const id = test.notes().find(({ kind }) => kind === 'run')?.id as string
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const [key, pub, file] = ['key.pem', 'pub.pem', 'run.json'].map((name) => join(test.path, '..', name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }))
  test.ok('attest', id, '--key', key, '-o', file)
  const good = test.run(python, ['-c', check, file, pub])
  expect(good, good.stderr).toMatchObject({ status: 0, stdout: 'verified 1\n' })
  const envelope = JSON.parse(readFileSync(file, 'utf8'))
  const statement = Buffer.from(envelope.payload, 'base64').toString().replace('model.bin', 'other.bin')
  writeFileSync(file, JSON.stringify({ ...envelope, payload: Buffer.from(statement).toString('base64') }))
  expect(test.run(python, ['-c', check, file, pub]).stderr).toContain('VerificationError')
})
