import { readFileSync } from 'node:fs'
import { messageOf, ProvError } from '../../base/errors.ts'

/** The text of a key file; `file` is how it was typed. Throws `usage`. */
export function readKey(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('usage', `the key ${file} cannot be read: ${messageOf(error)}`, {
      hint: '--key takes a private key in PEM, or one of OpenSSH',
    })
  }
}
