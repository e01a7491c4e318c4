import { escapeLine } from '../base/escape.ts'
import type { Paint } from '../render/colour.ts'
import type { ShowView } from './kind-show.ts'
import type { ProvRecord } from './record.ts'

/** The body of a record without a text view: its JSON, as stored on the branch. */
export function asStored(_record: ProvRecord, _paint: Paint, { stored }: ShowView): string[] {
  return stored.text.split('\n').map((line) => escapeLine(line))
}
