import { run } from './commands/hook.ts'
import { processContext } from './context.ts'

// The entry the hook scripts start: one lean file, without the command line around it.
void run(process.argv.slice(2), processContext()).then((status) => {
  process.exitCode = status
})
