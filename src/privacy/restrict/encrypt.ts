import type { ProvRecord } from '../../records/record.ts'
import { encryptFieldsOf } from './encrypt-fields.ts'
import { Encrypter, type HiddenPart } from './encrypter.ts'
import { encryptRecord, type Shell } from './record-level.ts'
import { type Restriction, readersOf } from './restriction.ts'

/** A record as a policy lets it be written. */
export interface Hidden<R extends ProvRecord> {
  record: R
  /** What was taken out; empty when nothing was. */
  parts: HiddenPart[]
  /** Digests of the files that were its alone to bring, and are not brought. */
  kept: ReadonlySet<string>
}

/** Takes out of a record what only some may read. `series` is the text of its series file, if it brings one; `bareOf` says what stays of a kind. */
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
