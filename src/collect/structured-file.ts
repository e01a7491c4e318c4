import { messageOf } from '../base/errors.ts'
import { type Missing, missing } from '../base/missing.ts'

/** What a JSON, TOML or YAML text says, by the ending of its path; or where and why it cannot be read. */
export async function parseStructured(path: string, text: string): Promise<{ value: unknown } | Missing> {
  const format = formatOf(path)
  try {
    if (format === 'json') return { value: parseJson(text) }
    if (format === 'toml') return { value: (await import('smol-toml')).parse(text) }
  } catch (error) {
    return missing(`${path}${placeOf(error, text)}: ${firstLine(error)}`)
  }
  return parseYaml(path, text)
}

export const formatOf = (path: string) => (path.endsWith('.json') ? 'json' : path.endsWith('.toml') ? 'toml' : 'yaml')

/** JSON, and the NaN, Infinity and -Infinity that Python's json module writes. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (word) =>
      word.startsWith('"') ? word : `"\\u0000${word}"`,
    )
    if (marked === text) throw error
    return JSON.parse(marked, (_, value) =>
      typeof value === 'string' && /^\0-?(NaN|Infinity)$/.test(value) ? Number(value.slice(1)) : value,
    )
  }
}

async function parseYaml(path: string, text: string): Promise<{ value: unknown } | Missing> {
  const { parseDocument, LineCounter } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' })
  const problem = document.errors[0]
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    return missing(`${path}:${line}:${col}: ${problem.message}`)
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return missing(`${path}: ${messageOf(error)}`)
  }
}

/** `:line:column` of what smol-toml or JSON.parse stumbled over; the latter often does not say the column. */
function placeOf(error: unknown, text: string): string {
  const { line, column } = error as { line?: number; column?: number }
  if (typeof line === 'number') return `:${line}:${column ?? 1}`
  const position = /at position (\d+)/.exec(messageOf(error))?.[1]
  if (position === undefined) return `:${failingLine(text)}`
  const lines = text.slice(0, Number(position)).split('\n')
  return `:${lines.length}:${(lines.at(-1) as string).length + 1}`
}

/** The first line with which JSON is not merely unfinished, by halving: no JSON string goes over a line. */
function failingLine(text: string): number {
  const lines = text.split('\n')
  let [fine, failing] = [0, lines.length]
  while (failing - fine > 1) {
    const middle = (fine + failing) >> 1
    if (isUnfinished(`${lines.slice(0, middle).join('\n')}\n`)) fine = middle
    else failing = middle
  }
  return failing
}

function isUnfinished(text: string): boolean {
  try {
    parseJson(text)
    return true
  } catch (error) {
    const message = messageOf(error)
    return message.includes('end of JSON input') || message.includes(`at position ${text.length}`)
  }
}

/** Without the excerpt that V8 adds. */
const firstLine = (error: unknown) => messageOf(error).replace(/ in JSON at position \d+.*$|, (\.\.\.)?".*$/, '')
