import type { ProvRecord } from '../../records/record.ts'
import { encryptFieldsOf } from './encrypt-fields.ts'
import { Encrypter, type HiddenPart } from './encrypter.ts'
import { encryptRecord, type Shell } from './record-level.ts'
import { type Restriction, readersOf } from './restriction.ts'

/** A record as the policy allows it to be written. */
export interface Hidden<R extends ProvRecord> {
  record: R
  /** What was encrypted; empty when nothing was. */
  parts: HiddenPart[]
  /** Digests of files that only this record would have added to the branch, and that stay off it. */
  kept: ReadonlySet<string>
}

/** Encrypts what only some may read. `series`: the text of the record's series file, if any; `shellOf`: what remains of a kind. */
export function encryptRestricted<R extends ProvRecord>(
  record: R,
  restriction: Restriction,
  series: string | undefined,
  shellOf: (kind: string) => Shell | undefined,
): Hidden<R> {
  const encrypter = new Encrypter(restriction.key)
  const to = readersOf(restriction, record.kind)
  const hidden = to
    ? encryptRecord(record, encrypter, to, series, shellOf(record.kind))
    : encryptFieldsOf(record, encrypter, restriction)
  return { ...hidden, parts: encrypter.parts() }
}
