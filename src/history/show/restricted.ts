import { escapeText } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import type { Access, Restricted } from '../../records/record.ts'

/** What can be seen of restricted fields without a key: names, for whom, commitments. */
export function restrictedBody({ to, recipients, fields }: Restricted): string[] {
  const lines = Object.entries(fields).map(([name, { commitment }]) => `    ${name}  commitment ${commitment}`)
  return [`for ${to.join(', ')} (${plural(recipients.length, 'key')}): git prov reveal`, ...lines]
}

/** Who read what. */
export function accessBody({ how, fields, to, reason }: Access): string[] {
  const lines = [`${how}  ${fields.join(', ')}${to ? `, to ${escapeText(to)}` : ''}`]
  return reason ? [...lines, '', ...escapeText(reason).split('\n')] : lines
}
