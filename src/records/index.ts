import { access } from './access/note.ts'
import { archive } from './archive/note.ts'
import { audit } from './audit/note.ts'
import { brief } from './brief/note.ts'
import { capture } from './capture/note.ts'
import { decision } from './decision/note.ts'
import type { Line } from './note-lines/capture-note.ts'
import type { Kind, KindNote, RecordOf } from './note-lines/kind-note.ts'
import { outcome } from './outcome/note.ts'
import { patches } from './patches/note.ts'
import { policy } from './policy/note.ts'
import { published } from './published/note.ts'
import { redaction } from './redaction/note.ts'
import { remark } from './remark/note.ts'
import { replay } from './replay/note.ts'
import { restricted } from './restricted/note.ts'
import { review } from './review/note.ts'
import { rewrite } from './rewrite/note.ts'
import { run } from './run/note.ts'
import { seal } from './seal/note.ts'
import { waiver } from './waiver/note.ts'

/** Every kind of record and its note line. A schema without an entry here is a type error. */
export const kindNotes = {
  access,
  archive,
  audit,
  brief,
  capture,
  decision,
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
  run,
  seal,
  waiver,
} satisfies { [K in Kind]: KindNote<RecordOf<K>, Line & { kind: K }> }
