import type { ProvRecord } from './record.ts'

/** What stays in the clear of a record of a kind when a policy restricts it whole, beside its envelope. */
export interface KindShell<R extends ProvRecord = ProvRecord> {
  /** Members that tell nothing of what it says: what its schema asks for, and what the ledger needs to go on. */
  keep(record: R): object
  /** Those members with the placeholder in them. */
  placed(kept: object, placeholder: string): object
  /** Digests of the files that are its alone to bring, and are not brought then. */
  files?(record: R): (string | undefined)[]
}
