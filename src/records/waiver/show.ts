import { escapeLine, escapeText } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Waiver } from '../record.ts'

export const waiver: KindShow<Waiver> = { body: waiverBody }

/** Which rule is waived, where, until when and why. */
function waiverBody({ rule, where, why, expires }: Waiver): string[] {
  return [`${rule} is waived for ${escapeLine(where)} until ${expires}`, '', ...escapeText(why).split('\n')]
}
