import type { ProvRecord } from './record.ts'

/** What stays readable, besides the envelope, when a policy restricts a whole record of a kind. */
export interface KindShell<R extends ProvRecord = ProvRecord> {
  /** Members that reveal none of its content: those its schema requires, and those the ledger needs to work. */
  keep(record: R): object
  /** Members filled with the placeholder. */
  placed(kept: object, placeholder: string): object
  /** Digests of the files that only this record would add; they are then left out. */
  files?(record: R): (string | undefined)[]
}
