import type { Paint } from '../render/colour.ts'
import type { Environment } from './environment.ts'
import type { NoteLine } from './note.ts'
import type { ProvRecord, StoredRecord } from './record.ts'
import type { RunView } from './run.ts'

/** A record and what is known beside it, to be shown in full. */
export interface ShowView {
  stored: StoredRecord
  environment: Environment | undefined
  /** Set when the commit asked for is not the one the record is about. */
  matched?: { by: string; commit: string }
  /** Set for a run: all its records. */
  run?: RunView
  /** Whether the terminal shows more than ASCII. */
  unicode?: boolean
}

/** A line of `git prov log` below a commit. Texts are not escaped yet. */
export interface LogRow {
  /** At most five letters. */
  label: string
  text: string
  /** What `--oneline` has of it, if anything. */
  brief?: string
}

/** How the records of a kind are shown to a person. */
export interface KindShow<R extends ProvRecord = ProvRecord> {
  /** Instead of the head all records have: what it is, about which commit, by whom, when. */
  head?(record: R, paint: Paint, view: ShowView): string[]
  /** What it says. */
  body(record: R, paint: Paint, view: ShowView): string[]
  /** Whether the environment it names is shown with it. */
  withEnvironment?: true
  /** What `git prov log` says of the lines of a commit; absent: nothing. */
  log?(lines: readonly NoteLine[]): LogRow[]
}
