import { access } from './access/show.ts'
import { archive } from './archive/show.ts'
import { audit } from './audit/show.ts'
import { brief } from './brief/show.ts'
import { capture } from './capture/show.ts'
import { decision } from './decision/show.ts'
import type { KindShow } from './kind-show.ts'
import type { Kind, RecordOf } from './note-lines/kind-note.ts'
import { outcome } from './outcome/show.ts'
import { patches } from './patches/show.ts'
import { policy } from './policy/show.ts'
import { published } from './published/show.ts'
import { redaction } from './redaction/show.ts'
import { remark } from './remark/show.ts'
import { replay } from './replay/show.ts'
import { restricted } from './restricted/show.ts'
import { review } from './review/show.ts'
import { rewrite } from './rewrite/show.ts'
import { run } from './run/show.ts'
import { seal } from './seal/show.ts'
import { waiver } from './waiver/show.ts'

/** Every kind of record and how it is shown, in the order of their lines below a commit in `git prov log`. */
export const kindShows: { [K in Kind]: KindShow<RecordOf<K>> } = {
  capture,
  run,
  decision,
  access,
  archive,
  audit,
  brief,
  outcome,
  patches,
  policy,
  published,
  redaction,
  remark,
  replay,
  restricted,
  review,
  rewrite,
  seal,
  waiver,
}

/** The same for any record; undefined for a kind, or a version of one, that only a newer git-prov knows. */
export function showOf({ kind, version }: { kind: string; version: number }): KindShow | undefined {
  return version === 1 && Object.hasOwn(kindShows, kind) ? (kindShows[kind as Kind] as KindShow) : undefined
}
