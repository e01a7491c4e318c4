import type { Pair, YAMLMap } from 'yaml'
import { ProvError } from '../../base/errors.ts'
import { readYaml } from '../../base/yaml-file.ts'

/** Byte offsets of a node: its start, the end of its value, and the end of the node (yaml's `range`). */
type Range = [start: number, valueEnd: number, nodeEnd: number]

/**
 * The text of a decision file with one member set and every other byte unchanged. A missing member is added after
 * `status`. Throws `config` when the file cannot be read.
 */
export async function setMember(text: string, name: string, value: string): Promise<string> {
  const { stringify } = await import('yaml')
  const pairs = await readPairs(text)
  const line = `${name}: ${stringify(value, { lineWidth: 0 }).trimEnd()}`
  const pair = pairs.find(isNamed(name))
  if (!pair) return insertLine(text, endOf(pairs.find(isNamed('status'))) ?? text.length, line)
  const [start, end] = [rangeOf(pair.key)?.[0] ?? 0, endOf(pair) ?? 0]
  // The value of a block ends after its last line break, which is kept.
  return text.slice(0, start) + line + text.slice(start + text.slice(start, end).trimEnd().length)
}

/** Adds a word to a list, unless it is there already, with every other byte unchanged. */
export async function addToList(text: string, name: string, word: string): Promise<string> {
  const { isSeq } = await import('yaml')
  const pair = (await readPairs(text)).find(isNamed(name))
  if (!isSeq(pair?.value))
    return await setMember(text, name, `[${word}]`).then((set) => set.replace(/"\[(.*)\]"/, '[$1]'))
  const items = pair.value.items
  if (items.some((item) => (item as { value?: unknown }).value === word)) return text
  const last = rangeOf(items.at(-1))
  if (!last || pair.value.flow) {
    const close = (rangeOf(pair.value)?.[1] ?? text.length) - 1
    return `${text.slice(0, close).trimEnd()}${last ? ', ' : ''}${word}${text.slice(close)}`
  }
  const lineStart = text.lastIndexOf('\n', last[0]) + 1
  return insertLine(text, last[1], `${text.slice(lineStart, text.indexOf('-', lineStart))}- ${word}`)
}

async function readPairs(text: string): Promise<Pair[]> {
  const { isMap } = await import('yaml')
  const { document, problems } = await readYaml(text)
  const problem = problems[0]
  if (problem) throw new ProvError('config', `the file cannot be read: ${problem.message}`, { hint: 'git prov check' })
  if (isMap(document.contents)) return (document.contents as YAMLMap).items
  throw new ProvError('config', 'the file contains no decision', { hint: 'git prov check' })
}

const isNamed = (name: string) => (pair: Pair) => (pair.key as { value?: unknown }).value === name
const rangeOf = (node: unknown) => (node as { range?: Range } | null | undefined)?.range

/** Where a member ends; without a value, after the colon. */
function endOf(pair: Pair | undefined): number | undefined {
  const key = rangeOf(pair?.key)
  return key && Math.max(rangeOf(pair?.value)?.[1] ?? 0, key[1] + 1)
}

/** Inserts a line after the one at `offset`. */
function insertLine(text: string, offset: number, line: string): string {
  const newline = text.indexOf('\n', offset)
  const at = newline < 0 ? text.length : newline + 1
  const before = text.slice(0, at)
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n${text.slice(at)}`
}
