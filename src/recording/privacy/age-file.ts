import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { messageOf, ProvError } from '../../base/errors.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import type { Restricted } from '../../records/record.ts'
import { commitmentOf, type OpenField, parseOpenField } from '../../records/restricted.ts'

/** Encrypts each field to all recipients, as its own age file (C2SP age-encryption.org/v1). */
export async function encryptFields(
  fields: readonly OpenField[],
  recipients: readonly string[],
): Promise<Restricted['fields']> {
  const { Encrypter } = await import('age-encryption')
  const encrypted: Restricted['fields'] = {}
  for (const open of fields) {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    const bytes = await encrypter.encrypt(JSON.stringify(open))
    encrypted[open.field] = { ciphertext: Buffer.from(bytes).toString('base64'), commitment: commitmentOf(open) }
  }
  return encrypted
}

/** Decrypts fields and verifies each against its commitment. Throws `usage` when no identity can decrypt them. */
export async function decryptFields(
  { fields, to }: Restricted,
  names: readonly string[],
  identities: readonly string[],
): Promise<OpenField[]> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const open: OpenField[] = []
  for (const name of names) {
    const field = fields[name]
    if (!field)
      throw new ProvError('unknown-revision', `there is no field '${name}'`, {
        hint: `one of: ${Object.keys(fields).join(', ')}`,
      })
    open.push(parseOpenField(await decryptOne(decrypter, field.ciphertext, to), name, field.commitment))
  }
  return open
}

async function decryptOne(
  decrypter: { decrypt(file: Uint8Array, format: 'text'): Promise<string> },
  ciphertext: string,
  to: readonly string[],
): Promise<string> {
  try {
    return await decrypter.decrypt(Buffer.from(ciphertext, 'base64'), 'text')
  } catch (error) {
    throw new ProvError('usage', `your key cannot decrypt it; it is encrypted for ${to.join(', ')}`, {
      cause: messageOf(error),
      hint: 'add your public key to prov.yaml, then have someone who can read it run: git prov rewrap',
    })
  }
}

const hint = 'age-keygen -o ~/.config/git-prov.key, then git config --global prov.identity ~/.config/git-prov.key'

/** The secret keys of an identity file (age-keygen(1)): the one named, else prov.identity. Throws `usage`, `io`. */
export function readIdentities(repository: Repository, named: string | undefined): string[] {
  const keys = configuredIdentities(repository, named)
  if (!keys) throw new ProvError('usage', 'no key to decrypt with', { hint })
  return keys
}

/** The same, but undefined when no file is named. */
export function configuredIdentities(repository: Repository, named: string | undefined): string[] | undefined {
  const configured = tryGit(repository, ['config', '--type=path', '--get', 'prov.identity'])
  const file = named?.replace(/^~(?=\/)/, repository.env.HOME ?? homedir()) ?? configured.stdout.toString('utf8').trim()
  if (!file) return undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ProvError('io', `the key cannot be read: ${messageOf(error)}`, { hint, cause: error })
  }
  const keys = text.split(/\r?\n/).filter((line) => /^AGE-SECRET-KEY-1[0-9A-Z]+$/.test(line.trim()))
  if (keys.length === 0) throw new ProvError('usage', `${file} holds no age secret key`, { hint })
  return keys.map((key) => key.trim())
}
