import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'

/** What is done when git, or our own worker, calls us by a name. `words` are those after it. */
export type HookCall = (context: Context, objects: ObjectReader, words: readonly string[]) => Promise<unknown>
