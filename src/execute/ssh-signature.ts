import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProvError } from '../base/errors.ts'

// A signature made for one purpose is not valid for another (PROTOCOL.sshsig of OpenSSH).
const namespace = 'git-prov'

/** Signs bytes with an SSH key (ssh-keygen(1), -Y sign; asks for a passphrase on a terminal). Throws `signature`. */
export function signWithSsh(key: string, bytes: Uint8Array): { keyid: string; signature: Buffer } {
  const signed = ssh(['-Y', 'sign', '-q', '-f', key, '-n', namespace], bytes)
  if (signed.status !== 0) throw failed(`the key ${key} did not sign`, signed.stderr)
  const listed = ssh(['-l', '-f', key])
  return { keyid: listed.stdout.toString('utf8').split(' ')[1] ?? '', signature: signed.stdout }
}

/** The principal in an allowed-signers file who signed the bytes; undefined when none of them did. */
export function sshSigner(allowedSigners: string, bytes: Uint8Array, signature: Uint8Array): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'git-prov-'))
  try {
    const file = join(folder, 'signature')
    writeFileSync(file, signature)
    const found = ssh(['-Y', 'find-principals', '-s', file, '-f', allowedSigners])
    const principal = found.status === 0 ? found.stdout.toString('utf8').split('\n')[0] : undefined
    if (!principal) return undefined
    const args = ['-Y', 'verify', '-f', allowedSigners, '-I', principal, '-n', namespace, '-s', file]
    return ssh(args, bytes).status === 0 ? principal : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ssh(args: readonly string[], input?: Uint8Array) {
  const result = spawnSync('ssh-keygen', args, input ? { input } : { stdio: ['ignore', 'pipe', 'pipe'] })
  if (result.error) throw failed('ssh-keygen cannot be run', result.error.message)
  return result
}

function failed(message: string, cause: string | Buffer): ProvError {
  return new ProvError('signature', message, {
    cause: String(cause).trim(),
    hint: 'is OpenSSH 8.2 or later installed?',
  })
}
