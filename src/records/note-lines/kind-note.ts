import type { ProvRecord } from '../record.ts'
import type { Line } from './capture-note.ts'

export type Kind = ProvRecord['kind']
export type RecordOf<K extends Kind> = Extract<ProvRecord, { kind: K }>

/** What the notes say of the records of a kind. The post-commit hook loads it for every kind: no more than is needed. */
export interface KindNote<R extends ProvRecord = ProvRecord, L extends Line = Line> {
  /** The record's line in the note of the commit it is about. */
  line(record: R, id: string): L
  /** Where it has lines at other commits, or at several: the line by commit. */
  lines?(record: R, id: string): Map<string, L>
  /** Whether the members of a line have the types they are read as. Notes can be edited by hand. */
  read(line: Partial<L>): boolean
}

/** The line of a kind that says no more than that there is such a record. */
export interface PlainLine<K extends Kind> extends Line {
  kind: K
}

/** For a kind that has nothing to say in a line. */
export function plainNote<K extends Kind>(kind: K): KindNote<RecordOf<K>, PlainLine<K>> {
  return { line: ({ time }, id) => ({ kind, id, time }), read: () => true }
}
