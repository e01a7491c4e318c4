import { capture } from './capture/shell.ts'
import type { KindShell } from './kind-shell.ts'
import type { Kind, RecordOf } from './note-lines/kind-note.ts'
import { remark } from './remark/shell.ts'
import { replay } from './replay/shell.ts'
import { run } from './run/shell.ts'

/** The kinds of record that can be restricted as a whole. */
const kindShells: { [K in Kind]?: KindShell<RecordOf<K>> } = { capture, remark, replay, run }

export function shellOf(kind: string): KindShell | undefined {
  return Object.hasOwn(kindShells, kind) ? (kindShells[kind as Kind] as KindShell | undefined) : undefined
}
