import { asStored } from '../as-stored.ts'
import type { KindShow } from '../kind-show.ts'
import type { Outcome } from '../record.ts'

export const outcome: KindShow<Outcome> = { body: asStored }
