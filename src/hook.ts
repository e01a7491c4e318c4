import { processContext } from './context.ts'
import { answerHook } from './hooks/answer-hook.ts'

// The entry the hook scripts start: one lean file, without the command line around it.
void answerHook(process.argv.slice(2), processContext()).then(() => {
  process.exitCode = 0
})
