import type { Document, LineCounter, Node, Pair, YAMLError, YAMLMap } from 'yaml'

/** Keys and indexes from the top of a file down to a value. */
export type Path = readonly (string | number)[]

/** A position in a text; both count from 1. */
interface Position {
  line: number
  column: number
}

/** A problem in a hand-written file: where it is, what is wrong, and what to write instead. */
export interface FileProblem extends Position {
  message: string
  hint: string
}

/** A parsed YAML file: its value, or why it has none. */
export interface YamlFile {
  /** Plain data; undefined when there are problems, null for an empty file. */
  value: unknown
  problems: FileProblem[]
  document: Document.Parsed
  /** Position of the value at a path, or of its nearest parent when there is none. */
  locate(path: Path): Position
  /** Position of a key. */
  locateKey(path: Path, key: string): Position
}

/**
 * Reads YAML 1.2 without aliases, duplicate keys or tabs. Every problem has a position. The caller must bound the size
 * of the text.
 */
export async function readYaml(text: string): Promise<YamlFile> {
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'silent' } as const
  const document = yaml.parseDocument(text, options)
  const problems = document.errors.map((error) => syntaxProblem(error, lines))
  yaml.visit(document, {
    Alias: (_, node) => {
      const message = 'an alias (*) is not allowed here'
      problems.push({ ...at(lines, node.range?.[0] ?? 0), message, hint: 'write the value out' })
    },
  })
  return {
    value: problems.length > 0 ? undefined : (document.toJS({ maxAliasCount: 0 }) as unknown),
    problems: problems.slice(0, mostProblems),
    document,
    locate: (path) => at(lines, offsetOf(document, path)),
    locateKey: (path, key) => at(lines, keyOffset(document, path, key) ?? offsetOf(document, [...path, key])),
  }
}

/** Capped, because one wrong indent can invalidate every line after it. */
const mostProblems = 20

const hints: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of the two',
  BAD_INDENT: 'indent the members of one entry alike, two spaces deeper than what they belong to',
  BLOCK_AS_IMPLICIT_KEY: 'indent the members of one entry alike; put text that holds ": " in quotes',
  MISSING_CHAR: 'close what was opened: a quote, a bracket or a brace',
  MULTILINE_IMPLICIT_KEY: 'a name is followed by a colon and a space; put longer text after "|" on lines of its own',
  BAD_ALIAS: 'write the value out',
}

function syntaxProblem(error: YAMLError, lines: LineCounter): FileProblem {
  const message = error.message.replace(/ at line \d+, column \d+.*$/s, '')
  return {
    ...at(lines, error.pos[0]),
    message,
    hint: hints[error.code] ?? 'put text with special characters in quotes',
  }
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return 0
}

function keyOffset(document: Document, path: Path, key: string): number | undefined {
  const map = document.getIn(path, true) as YAMLMap | undefined
  const pair = map?.items?.find((item: Pair) => (item.key as Node & { value?: unknown }).value === key)
  return (pair?.key as Node | undefined)?.range?.[0]
}

/** A path for display: criteria[0].metric. */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}

/** Positions of members and list entries by display path: a member at its key, an entry at its value. */
export type Places = Record<string, [line: number, column: number]>

/** Positions of a file's members and list entries, down to the members of list entries. */
export function placesOf({ value, locate, locateKey }: YamlFile): Places {
  const places: Places = {}
  const walk = (inner: unknown, path: Path) => {
    if (typeof inner !== 'object' || inner === null || path.length > 3) return
    for (const [key, member] of Object.entries(inner)) {
      const below = [...path, Array.isArray(inner) ? Number(key) : key]
      const { line, column } = Array.isArray(inner) ? locate(below) : locateKey(path, key)
      places[formatPath(below)] = [line, column]
      walk(member, below)
    }
  }
  walk(value, [])
  return places
}
