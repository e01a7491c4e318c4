import type { ProvRecord } from '../../records/record.ts'
import { hideFields } from './encrypt-fields.ts'
import { type HiddenPart, Hider } from './encrypter.ts'
import { type Bare, hideWhole } from './record-level.ts'
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
export function hideRestricted<R extends ProvRecord>(
  record: R,
  restriction: Restriction,
  series: string | undefined,
  bareOf: (kind: string) => Bare | undefined,
): Hidden<R> {
  const hider = new Hider(restriction.key)
  const to = readersOf(restriction, record.kind)
  const hidden = to ? hideWhole(record, hider, to, series, bareOf(record.kind)) : hideFields(record, hider, restriction)
  return { ...hidden, parts: hider.parts() }
}
