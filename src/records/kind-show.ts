import type { Paint } from '../render/colour.ts'
import type { Environment } from './environment.ts'
import type { NoteLine } from './note.ts'
import type { ProvRecord, StoredRecord } from './record.ts'
import type { RunView } from './run.ts'

/** A record and its context, to be shown in full. */
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
  /** Its text for `--oneline`, if any. */
  brief?: string
}

/** How the records of a kind are shown to a person. */
export interface KindShow<R extends ProvRecord = ProvRecord> {
  /** Replaces the usual head of a record: kind, commit, author, time. */
  head?(record: R, paint: Paint, view: ShowView): string[]
  /** The content. */
  body(record: R, paint: Paint, view: ShowView): string[]
  /** Whether the environment it names is shown with it. */
  withEnvironment?: true
  /** What `git prov log` shows for a commit's lines of this kind; absent: nothing. */
  log?(lines: readonly NoteLine[]): LogRow[]
}
