import { escapeText } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { KindShow } from '../kind-show.ts'
import type { Seal } from '../record.ts'

export const seal: KindShow<Seal> = { body: sealBody }

/** What a seal covers. */
function sealBody({ tip, files, digest, reason }: Seal): string[] {
  const lines = [`seals ${tip}, ${plural(files, 'file')}`, `    names sha-256 ${digest}`]
  return reason ? [...lines, '', ...escapeText(reason).split('\n')] : lines
}
