import { readFileSync, statSync } from 'node:fs'
import { isMissing } from '../../base/missing.ts'
import { parseStructured } from '../structured-file.ts'
import { addLeaves } from './leaves.ts'
import { byEnding, type MetricSource } from './source.ts'

const maxBytes = 64 * 1024 * 1024

/** JSON, YAML and TOML files: their numbers, by dotted path. */
export const structured: MetricSource = {
  name: 'structured',
  claim: byEnding('.json', '.yaml', '.yml', '.toml'),
  async read(files, into) {
    for (const { path, absolute } of files) {
      const value = await readStructured(path, absolute)
      if (isMissing(value)) into.problem(...splitPlace(path, value.missing))
      else addLeaves(value.value, { source: path }, into)
    }
  },
}

/** The value a file holds, or why it cannot be read. */
export async function readStructured(path: string, absolute: string): ReturnType<typeof parseStructured> {
  const { size } = statSync(absolute)
  if (size > maxBytes)
    return { missing: `${path}: ${size} bytes, more than ${maxBytes}: write CSV or JSON Lines instead` }
  return parseStructured(path.toLowerCase(), readFileSync(absolute, 'utf8'))
}

/** `path:line:column: reason` in its parts. */
export function splitPlace(path: string, message: string): [string, string, number?] {
  const [place = '', line, column] = /^(?::(\d+))?(?::(\d+))?: /.exec(message.slice(path.length)) ?? []
  const reason = message.slice(path.length + place.length)
  return line === undefined ? [path, reason] : [path, column ? `${reason} (column ${column})` : reason, Number(line)]
}
