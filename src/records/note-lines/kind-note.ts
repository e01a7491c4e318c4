import type { ProvRecord } from '../record.ts'
import type { Line } from './capture-note.ts'

export type Kind = ProvRecord['kind']
export type RecordOf<K extends Kind> = Extract<ProvRecord, { kind: K }>

/** The note lines of a kind of record. The post-commit hook loads this for every kind, so it holds only what is needed. */
export interface KindNote<R extends ProvRecord = ProvRecord, L extends Line = Line> {
  /** The record's line in the note of the commit it is about. */
  line(record: R, id: string): L
  /** For lines at other commits, or at several: the line by commit. */
  lines?(record: R, id: string): Map<string, L>
  /** Whether the members of a line have the right types. Notes can be edited by hand. */
  read(line: Partial<L>): boolean
}

/** A line that only says that there is such a record. */
export interface PlainLine<K extends Kind> extends Line {
  kind: K
}

/** For a kind without a line in the notes. */
export function plainNote<K extends Kind>(kind: K): KindNote<RecordOf<K>, PlainLine<K>> {
  return { line: ({ time }, id) => ({ kind, id, time }), read: () => true }
}
