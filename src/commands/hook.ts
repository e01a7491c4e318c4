import type { Context } from '../context.ts'
import { answerHook } from '../hooks/answer-hook.ts'

/** `git prov hook <name>`: called by a team's shared hook file. The exit status is always 0. */
export async function run(argv: string[], context: Context): Promise<number> {
  await answerHook(argv, context)
  return 0
}
