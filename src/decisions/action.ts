import type { Context } from '../context.ts'
import type { ParsedWords } from '../terminal/words.ts'

/** One form of `git prov decision`: the words after its name, and the flags. */
export type DecisionAction = (parsed: ParsedWords, context: Context) => Promise<number>
