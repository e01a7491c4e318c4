import { escapeText } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Seal } from '../../records/record.ts'

/** What a seal vouches for. */
export function sealBody({ tip, files, digest, reason }: Seal): string[] {
  const lines = [`seals ${tip}, ${plural(files, 'file')}`, `    names sha-256 ${digest}`]
  return reason ? [...lines, '', ...escapeText(reason).split('\n')] : lines
}
