import { main } from './cli/main.ts'
import { processContext } from './context.ts'

const words = process.argv.slice(2)

// A reader that closes early (head, a pager that quits) is not an error. Node opens a stream on first access, and `run`
// must pass its streams on untouched.
if (words[0] !== 'run') {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exitCode = 0
  })
}

void main(words, processContext()).then((status) => {
  process.exitCode = status
})
