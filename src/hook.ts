import { processContext } from './context.ts'
import { answerHook } from './hooks/answer-hook.ts'

// What the hook scripts start: one small bundle, without the command line.
void answerHook(process.argv.slice(2), processContext()).then(() => {
  process.exitCode = 0
})
