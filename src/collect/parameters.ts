import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import { isMissing, missing } from '../core/missing.ts'
import { replaceFile } from '../core/replace-file.ts'
import type { ParameterFile } from '../generated/types.ts'

const maxBytes = 256 * 1024
const maxValues = 10_000

/** The same, kept by the blob's name: a file is parsed once for each of its versions. */
export async function readCommittedParameters(
  path: string,
  blob: { oid: string; body: Buffer },
  cacheDir: string,
): Promise<ParameterFile> {
  const file = join(cacheDir, 'parameters', `${blob.oid}.${formatOf(path)}`)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ParameterFile
  } catch {
    const values = await readParameters(path, blob.body)
    if (!isMissing(values)) replaceFile(file, JSON.stringify(values))
    return values
  }
}

const formatOf = (path: string) => (path.endsWith('.json') ? 'json' : path.endsWith('.toml') ? 'toml' : 'yaml')

/**
 * The leaf values of a parameter file by dotted path. `path` decides the format by its ending: .json, .toml, else
 * YAML. What cannot be read is said with line and column.
 */
export async function readParameters(path: string, bytes: Buffer): Promise<ParameterFile> {
  if (bytes.length > maxBytes) return missing(`${path} is ${bytes.length} bytes long, more than ${maxBytes}`)
  const parsed = await parse(path, bytes.toString('utf8'))
  if (isMissing(parsed)) return parsed
  const values = new Map<string, Leaf>()
  const fits = flatten(parsed.value, '', values, 0)
  return fits
    ? { digest: digestOf(bytes), values: Object.fromEntries(values) }
    : missing(`${path} holds more than ${maxValues} values, or is nested too deep`)
}

type Leaf = string | number | boolean | null

async function parse(path: string, text: string): Promise<{ value: unknown } | { missing: string }> {
  try {
    if (formatOf(path) === 'json') return { value: JSON.parse(text) }
    if (formatOf(path) === 'toml') return { value: (await import('smol-toml')).parse(text) }
    return await parseYaml(path, text)
  } catch (error) {
    return missing(`${path}: ${messageOf(error)}`)
  }
}

async function parseYaml(path: string, text: string): Promise<{ value: unknown } | { missing: string }> {
  const { parseDocument, LineCounter } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' })
  const problem = document.errors[0]
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    return missing(`${path}:${line}:${col}: ${problem.message}`)
  }
  return { value: document.toJS({ maxAliasCount: 100 }) }
}

/** False when there is too much of it. */
function flatten(value: unknown, path: string, into: Map<string, Leaf>, depth: number): boolean {
  if (depth > 64 || into.size >= maxValues) return false
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    return Object.entries(value).every(([key, member]) =>
      flatten(member, path ? `${path}.${key}` : key, into, depth + 1),
    )
  }
  if (path) into.set(path, leaf(value))
  return true
}

function leaf(value: unknown): Leaf {
  if (value === null || value === undefined) return null
  if (typeof value === 'number')
    return Number.isFinite(value) && !(Number.isInteger(value) && !Number.isSafeInteger(value)) ? value : String(value)
  if (typeof value === 'boolean') return value
  return value instanceof Date ? value.toISOString() : String(value)
}
