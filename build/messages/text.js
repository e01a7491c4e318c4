import { placeholderOf } from './placeholder.js'

/** What a literal or template says; undefined for any other node. Expressions in it stand as `<name>`. */
export function textOf(node, source) {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral') return undefined
  const holes = node.expressions.map((expression) => placeholderOf(expression, source))
  return node.quasis.map(({ value }, index) => value.cooked + (holes[index] ?? '')).join('')
}

/** What moves a cursor or colours a terminal (ECMA-48, CSI). */
const escapes = /\x1b\[[\d;?]*[A-Za-z]/g

/** The lines of a text, each with the offset it begins at; a line that an escape ends has the offset of its literal. */
export function linesOf(text, node, source) {
  const rows = source.slice(node.start, node.end).split('\n')
  const lines = text.split('\n')
  const asWritten = rows.length === lines.length || rows.length + 1 === lines.length
  let at = node.start
  return lines.map((line, index) => {
    const place = { at, text: line.replace(escapes, '').replace(/\s+/g, ' ').trim() }
    if (asWritten) at += (rows[index]?.length ?? -1) + 1
    return place
  })
}

const bare = (text) => text.replace(/<[^<>]*>/g, '<x>')

export const hasLetters = (text) => /\p{L}{2}/u.test(text.replace(/<[^<>]*>/g, ''))

/** Two words beside each other, one of which may be a placeholder. */
export const hasWords = (text) => hasLetters(text) && /[\p{L}\d>'’)},;:.…%] +[\p{L}\d<('{[-]/u.test(bare(text))
