import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'

export interface Token {
  type: 'word' | 'operator' | '(' | ')' | ',' | 'end'
  text: string
  /** Index of its first character. */
  at: number
  /** True when any part of it was quoted. */
  quoted: boolean
  /** Index in `text` of the first dot outside quotes; -1 when there is none. */
  dot: number
}

const maxExpression = 4096

/** Splits an expression into words, operators and brackets. Throws `usage`. */
export function tokenize(text: string): Token[] {
  if (text.length > maxExpression)
    throw new ProvError('usage', `an expression of ${text.length} characters is longer than ${maxExpression}`)
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) at += 1
    else {
      const { token, end } = readToken(text, at)
      tokens.push(token)
      at = end
    }
  }
  tokens.push({ type: 'end', text: '', at: text.length, quoted: false, dot: -1 })
  return tokens
}

const operator = /(==|!=|<=|>=|!~|[=<>~])/y

function readToken(text: string, at: number): { token: Token; end: number } {
  const first = text[at] as string
  const rest = { at, quoted: false, dot: -1 }
  if (first === '(' || first === ')' || first === ',')
    return { token: { type: first, text: first, ...rest }, end: at + 1 }
  operator.lastIndex = at
  const match = operator.exec(text)?.[1]
  if (match) return { token: { type: 'operator', text: match, ...rest }, end: at + match.length }
  return readWord(text, at)
}

const stop = /[\s(),=!<>~]/

/** Reads a run of plain and quoted characters: params."learning rate". */
function readWord(text: string, start: number): { token: Token; end: number } {
  const token: Token = { type: 'word', text: '', at: start, quoted: false, dot: -1 }
  let at = start
  while (at < text.length && !stop.test(text[at] as string)) {
    const character = text[at] as string
    if (character === '"' || character === "'") {
      const { content, end } = readQuoted(text, at)
      token.text += content
      token.quoted = true
      at = end
    } else {
      if (character === '.' && token.dot < 0) token.dot = token.text.length
      token.text += character
      at += 1
    }
  }
  if (at === start) throw wrong(text, at, 'an operator', `'${text[at]}'`)
  return { token, end: at }
}

function readQuoted(text: string, start: number): { content: string; end: number } {
  const quote = text[start]
  let content = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) return { content, end: at + 1 }
    if (text[at] === '\\' && at + 1 < text.length) at += 1
    content += text[at]
  }
  throw wrong(text, start, `a closing ${quote}`, 'the end')
}

/** A syntax error: its column, what was expected, what was found, and a mark under the place. */
export function wrong(text: string, at: number, expected: string, found: string, hint?: string): ProvError {
  const before = escapeLine(text.slice(Math.max(0, at - 60), at))
  const after = escapeLine(text.slice(at, at + 60))
  return new ProvError('usage', `expression, column ${at + 1}: expected ${expected}, found ${found}`, {
    cause: `${before}${after}\n${' '.repeat(before.length)}^`,
    hint: hint ?? 'git prov help runs has the language',
  })
}
