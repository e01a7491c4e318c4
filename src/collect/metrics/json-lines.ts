import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import { parseJson } from '../structured-file.ts'
import { addRow } from './leaves.ts'
import { readLines } from './read-lines.ts'
import { byEnding, type MetricFile, type MetricSource } from './source.ts'

/** JSON Lines: one object a line, its step and time among its members. */
export const jsonLines: MetricSource = {
  name: 'json-lines',
  claim: byEnding('.jsonl', '.ndjson', '.jsonlines'),
  read(files, into) {
    for (const file of files) readJsonLines(file, into, (row) => addRow(row, { source: file.path }, into))
  },
}

/**
 * Each object of a JSON Lines file. A line that is not one is named and passed over; a last line without its line feed
 * that is no JSON is still being written, and is passed over in silence.
 */
export function readJsonLines(
  file: MetricFile,
  into: MetricSetBuilder,
  onRow: (row: object, line: number) => void,
): void {
  readLines(file.absolute, (text, line, ended) => {
    if (text === undefined) return into.problem(file.path, 'the line is longer than 1 MiB', line)
    if (text.trim() === '') return
    const row = parseRow(text)
    if (typeof row === 'object') onRow(row, line)
    else if (ended) into.problem(file.path, row, line)
  })
}

/** The object, or what is wrong with the line. */
function parseRow(text: string): object | string {
  try {
    const value = parseJson(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    return 'not a JSON object; expected {"name": number, …}'
  } catch {
    return 'not JSON; expected one object a line'
  }
}
