import { main } from './cli.ts'
import { processContext } from './context.ts'

// A reader that closes early (head, a pager that quits) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exitCode = 0
})

void main(process.argv.slice(2), processContext()).then((status) => {
  process.exitCode = status
})
