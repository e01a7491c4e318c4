import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../base/digest.ts'
import { replaceFile } from '../base/files.ts'
import { isMissing, missing } from '../base/missing.ts'
import type { ParameterFile } from '../generated/types.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import type { Leaf } from '../records/run.ts'
import { formatOf, parseStructured } from './structured-file.ts'

const maxBytes = 256 * 1024
const maxValues = 10_000

/** The same without secrets, kept by the blob's name: a file is parsed once for each of its versions. */
export async function readCommittedParameters(
  path: string,
  blob: { oid: string; body: Buffer },
  cacheDir: string,
  redactor: Redactor,
): Promise<ParameterFile> {
  const file = join(cacheDir, 'parameters', `${blob.oid}.${redactor.id}.${formatOf(path)}`)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ParameterFile
  } catch {
    const values = withoutSecrets(await readParameters(path, blob.body), path, redactor)
    if (!isMissing(values)) replaceFile(file, JSON.stringify(values))
    return values
  }
}

function withoutSecrets(parameters: ParameterFile, path: string, redactor: Redactor): ParameterFile {
  if (isMissing(parameters)) return redactDeep(redactor, parameters, path).value
  return { ...parameters, values: redactDeep(redactor, parameters.values, path).value }
}

/**
 * The leaf values of a parameter file by dotted path. `path` decides the format by its ending: .json, .toml, else
 * YAML. What cannot be read is said with line and column.
 */
export async function readParameters(path: string, bytes: Buffer): Promise<ParameterFile> {
  if (bytes.length > maxBytes) return missing(`${path} is ${bytes.length} bytes long, more than ${maxBytes}`)
  const parsed = await parseStructured(path, bytes.toString('utf8'))
  if (isMissing(parsed)) return parsed
  const values = new Map<string, Leaf>()
  const fits = flatten(parsed.value, '', values, 0)
  return fits
    ? { digest: digestOf(bytes), values: Object.fromEntries(values) }
    : missing(`${path} holds more than ${maxValues} values, or is nested too deep`)
}

/** Leaf values by dotted path, as many as a record holds. */
export function flattenParameters(value: unknown): Map<string, Leaf> {
  const values = new Map<string, Leaf>()
  flatten(value, '', values, 0)
  return values
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
