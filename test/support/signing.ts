import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from './repository.ts'

/** Makes an SSH key and has the repository sign with it. Returns the line of an allowed-signers file that names `mail`. */
export function signWith(repository: TestRepository, mail: string, name = 'key'): string {
  const key = join(repository.path, '.git', name)
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key])
  if (made.status !== 0) throw new Error(String(made.stderr))
  repository.git('config', 'gpg.format', 'ssh')
  repository.git('config', 'user.signingkey', key)
  return `${mail} namespaces="git" ${readFileSync(`${key}.pub`, 'utf8').trim()}\n`
}

/** Writes an allowed-signers file beside the repository and returns its path. */
export function allowSigners(repository: TestRepository, ...lines: string[]): string {
  const file = join(repository.path, '../allowed_signers')
  writeFileSync(file, lines.join(''))
  return file
}
