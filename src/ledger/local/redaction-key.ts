import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { messageOf, ProvError } from '../../base/errors.ts'
import type { Repository } from '../../git/repository.ts'
import { ensureDir, localDir } from './local-dir.ts'
import type { Settings } from './settings.ts'

/**
 * The key of pseudonyms, 32 bytes: from the file prov.redactionKeyFile names, which a team can share, else this
 * clone's own, made at the first call. It is never in the history, so that whoever reads that cannot try passwords
 * against a pseudonym. A git directory that cannot be written gets a key for this once. Throws `config` when the named
 * file is not there or holds no key.
 */
export function readRedactionKey(repository: Repository, settings: Pick<Settings, 'redactionKeyFile'>): Buffer {
  if (settings.redactionKeyFile) return readNamed(settings.redactionKeyFile, repository.env.HOME)
  const file = redactionKeyFile(repository)
  return parseKey(readOrEmpty(file)) ?? makeKey(repository, file)
}

const redactionKeyFile = (repository: Repository) => join(localDir(repository).path, 'redaction.key')

function readNamed(name: string, home = homedir()): Buffer {
  const file = name.replace(/^~(?=\/)/, home)
  const hint = 'git config prov.redactionKeyFile <a file of 64 hex digits>'
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ProvError('config', `prov.redactionKeyFile cannot be read: ${messageOf(error)}`, { hint, cause: error })
  }
  const key = parseKey(text)
  if (!key) throw new ProvError('config', `prov.redactionKeyFile ${file} does not hold 64 hex digits`, { hint })
  return key
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function parseKey(text: string): Buffer | undefined {
  return /^[0-9a-f]{64}\n?$/i.test(text) ? Buffer.from(text.trim(), 'hex') : undefined
}

/** By a link: of two processes that make one at once, both take the first. */
function makeKey(repository: Repository, file: string): Buffer {
  const key = randomBytes(32)
  const own = `${file}.${process.pid}`
  try {
    ensureDir(localDir(repository).path)
    if (readOrEmpty(file) !== '') rmSync(file, { force: true })
    writeFileSync(own, `${key.toString('hex')}\n`, { mode: 0o600 })
    linkSync(own, file)
    return key
  } catch {
    return parseKey(readOrEmpty(file)) ?? key
  } finally {
    rmSync(own, { force: true })
  }
}
