import { asStored } from '../as-stored.ts'
import type { KindShow } from '../kind-show.ts'
import type { Patches } from '../record.ts'

export const patches: KindShow<Patches> = { body: asStored }
