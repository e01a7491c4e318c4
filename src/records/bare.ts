import { capture } from './capture/bare.ts'
import type { KindBare } from './kind-bare.ts'
import type { Kind, RecordOf } from './kind-note.ts'
import { remark } from './remark/bare.ts'
import { replay } from './replay/bare.ts'
import { run } from './run/bare.ts'

/** The kinds of record that can be restricted whole. */
const kindBares: { [K in Kind]?: KindBare<RecordOf<K>> } = { capture, remark, replay, run }

export function bareOf(kind: string): KindBare | undefined {
  return Object.hasOwn(kindBares, kind) ? (kindBares[kind as Kind] as KindBare | undefined) : undefined
}
