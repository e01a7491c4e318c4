import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'

/** What to do when git, or our worker, calls us by a name. `words` are the arguments after it. */
export type HookCall = (context: Context, objects: ObjectReader, words: readonly string[]) => Promise<unknown>
