import { escapeLine } from '../base/escape.ts'
import { nearest } from '../base/nearest.ts'
import type { Expression, FieldKind, Literal, Operator, Path, Vocabulary } from './expression.ts'
import { expectedOf, readLiteral } from './literal.ts'
import { type Token, tokenize, wrong } from './tokens.ts'

const maxDepth = 64

interface Reader {
  text: string
  tokens: readonly Token[]
  at: number
  depth: number
  vocabulary: Vocabulary
}

/**
 * Parses an expression as documented in docs/expressions.md. Throws `usage` with the column, what was expected and what
 * was found.
 */
export function parseExpression(text: string, vocabulary: Vocabulary): Expression {
  const reader: Reader = { text, tokens: tokenize(text), at: 0, depth: 0, vocabulary }
  const expression = readOr(reader)
  if (peek(reader).type !== 'end') throw unexpected(reader, "'and', 'or' or the end")
  return expression
}

/** Parses the name of a field, for --sort and --columns. Throws `usage`. */
export function parsePath(text: string, vocabulary: Vocabulary): { path: Path; kind: FieldKind } {
  const reader: Reader = { text, tokens: tokenize(text), at: 0, depth: 0, vocabulary }
  const found = readPath(reader)
  if (peek(reader).type !== 'end') throw unexpected(reader, 'the end')
  return found
}

const peek = (reader: Reader) => reader.tokens[reader.at] as Token
const isWord = ({ type, text, quoted }: Token, word: string) =>
  type === 'word' && !quoted && text.toLowerCase() === word
const isType = (token: Token, type: Token['type']) => token.type === type

function take(reader: Reader, fits: boolean): boolean {
  if (fits) reader.at += 1
  return fits
}

function readOr(reader: Reader): Expression {
  return readParts(reader, 'or', readAnd)
}

function readAnd(reader: Reader): Expression {
  return readParts(reader, 'and', readNot)
}

function readParts(reader: Reader, word: 'and' | 'or', read: (reader: Reader) => Expression): Expression {
  const parts = [read(reader)]
  while (take(reader, isWord(peek(reader), word))) parts.push(read(reader))
  return parts.length === 1 ? (parts[0] as Expression) : { kind: word, parts }
}

function readNot(reader: Reader): Expression {
  if (++reader.depth > maxDepth) throw wrong(reader.text, peek(reader).at, `at most ${maxDepth} levels`, 'more')
  const negated = take(reader, isWord(peek(reader), 'not'))
  const expression: Expression = negated ? { kind: 'not', part: readNot(reader) } : readOne(reader)
  reader.depth -= 1
  return expression
}

function readOne(reader: Reader): Expression {
  if (take(reader, isType(peek(reader), '('))) {
    const inner = readOr(reader)
    if (!take(reader, isType(peek(reader), ')'))) throw unexpected(reader, "')'")
    return inner
  }
  if (take(reader, isWord(peek(reader), 'has'))) return { kind: 'has', path: readPath(reader).path }
  const { path, kind } = readPath(reader)
  return readTest(reader, path, kind)
}

/** What follows a field: an operator and a value, a list, or nothing. */
function readTest(reader: Reader, path: Path, as: FieldKind): Expression {
  const next = peek(reader)
  const negated = isWord(next, 'not') && isWord(reader.tokens[reader.at + 1] ?? next, 'in')
  if (negated) reader.at += 1
  if (take(reader, isWord(peek(reader), 'in'))) return not(negated, readList(reader, path, as))
  if (next.type !== 'operator') return { kind: 'is', path }
  reader.at += 1
  const operator = next.text.replace(/^(==|!=|!~)$/, (word) => (word === '!~' ? '~' : '=')) as Operator
  if (/[<>]/.test(operator) && (as === 'digest' || as === 'flag'))
    throw wrong(reader.text, next.at, 'an operator for something without an order (=, !=, ~)', `'${next.text}'`)
  const right = readRight(reader, operator === '~' ? 'text' : as)
  return not(next.text.startsWith('!'), { kind: 'compare', path, as, operator, right })
}

const not = (negated: boolean, part: Expression): Expression => (negated ? { kind: 'not', part } : part)

function readList(reader: Reader, path: Path, as: FieldKind): Expression {
  if (!take(reader, isType(peek(reader), '('))) throw unexpected(reader, "'(' and a list of values")
  const parts: Expression[] = []
  do parts.push({ kind: 'compare', path, as, operator: '=', right: readRight(reader, as) })
  while (take(reader, isType(peek(reader), ',')))
  if (!take(reader, isType(peek(reader), ')'))) throw unexpected(reader, "',' or ')'")
  return { kind: 'or', parts }
}

/** A value, or another field with a name of its own: baseline.f1. */
function readRight(reader: Reader, as: FieldKind): Literal | Path {
  const token = peek(reader)
  if (token.type !== 'word') throw unexpected(reader, expectedOf[as])
  const path = pathOf(token)
  if (path?.name !== undefined && fieldOf(reader.vocabulary, path.root)?.members) {
    reader.at += 1
    return path
  }
  const ago = isWord(reader.tokens[reader.at + 1] as Token, 'ago')
  const literal = readLiteral(as, token.text, token.quoted, ago)
  if (!literal) throw unexpected(reader, expectedOf[as])
  reader.at += ago ? 2 : 1
  return literal
}

function readPath(reader: Reader): { path: Path; kind: FieldKind } {
  const token = peek(reader)
  const path = token.type === 'word' ? pathOf(token) : undefined
  if (!path) throw unexpected(reader, 'a field such as metrics.f1 or status')
  const field = fieldOf(reader.vocabulary, path.root)
  if (!field) throw unknownField(reader, path.root)
  const kind = path.name === undefined ? field.kind : field.members
  if (!kind) {
    const one = path.name === undefined ? `a name after ${path.root}, as in ${path.root}.x` : `${path.root} alone`
    throw unexpected(reader, one)
  }
  reader.at += 1
  return { path, kind }
}

function pathOf({ text, dot }: Token): Path | undefined {
  if (dot === 0 || dot === text.length - 1) return undefined
  return dot < 0 ? { root: text } : { root: text.slice(0, dot), name: text.slice(dot + 1) }
}

const fieldOf = (vocabulary: Vocabulary, root: string) =>
  Object.hasOwn(vocabulary, root) ? vocabulary[root] : undefined

function unknownField(reader: Reader, root: string) {
  const names = Object.keys(reader.vocabulary)
  const guess = nearest(root.slice(0, 64), names)
  const hint = guess ? `did you mean ${guess}?` : `fields: ${names.join(' ')}`
  return wrong(reader.text, peek(reader).at, 'a field', `'${escapeLine(root.slice(0, 64))}'`, hint)
}

function unexpected(reader: Reader, expected: string) {
  const token = peek(reader)
  const found = token.type === 'end' ? 'the end' : `'${escapeLine(token.text.slice(0, 64))}'`
  return wrong(reader.text, token.at, expected, found)
}
