import { asStored } from '../as-stored.ts'
import type { KindShow } from '../kind-show.ts'
import type { Published } from '../record.ts'

export const published: KindShow<Published> = { body: asStored }
