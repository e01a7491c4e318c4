import { escapeText } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Access } from '../record.ts'

export const access: KindShow<Access> = { body: accessBody }

/** Who read what. */
function accessBody({ how, fields, to, reason }: Access): string[] {
  const lines = [`${how}  ${fields.join(', ')}${to ? `, to ${escapeText(to)}` : ''}`]
  return reason ? [...lines, '', ...escapeText(reason).split('\n')] : lines
}
