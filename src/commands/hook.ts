import type { Context } from '../context.ts'
import { answerHook } from '../hooks/answer-hook.ts'

/** `git prov hook <name>`: what the hook file of a team calls. The exit status is 0, whatever happens. */
export async function run(argv: string[], context: Context): Promise<number> {
  await answerHook(argv, context)
  return 0
}
