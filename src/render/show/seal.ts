import { escapeText } from '../../core/escape.ts'
import { plural } from '../../core/quantity.ts'
import type { Seal } from '../../core/record.ts'

/** What a seal vouches for. */
export function sealBody({ tip, files, digest, reason }: Seal): string[] {
  const lines = [`seals ${tip}, ${plural(files, 'file')}`, `    names sha-256 ${digest}`]
  return reason ? [...lines, '', ...escapeText(reason).split('\n')] : lines
}
