import { createInterface, type Interface } from 'node:readline'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'

/** Puts questions to a person on a terminal, one after the other. Both ways throw `cancelled` at the end of the input. */
export interface Asker {
  /** False when nobody is asked, and every question gets what an empty line would answer. */
  readonly asks: boolean
  /** Yes or no; `otherwise` is the answer of an empty line. */
  agree(question: string, otherwise?: boolean): Promise<boolean>
  /** The line that is typed, trimmed. */
  text(question: string): Promise<string>
  close(): void
}

interface Asking {
  /** Where the questions are written: standard error, where standard output may be read by a program. */
  on?: 'stdout' | 'stderr'
  /** The command with the flag that answers instead. */
  instead: string
  /** That flag was given. */
  answered?: boolean
}

/** Asks only where both the questions and the answers are on a terminal. What is asked about must not have begun. */
export function openAsker(context: Context, { on = 'stdout', instead, answered = false }: Asking): Asker {
  const { stdin, [on]: output } = context
  if (answered || !stdin.isTTY || !output.isTTY)
    return { asks: false, agree: async (_, otherwise = true) => otherwise, text: async () => '', close() {} }
  let terminal: Interface | undefined
  let answers: AsyncIterator<string> | undefined
  let interrupted = false
  // While a line is read the terminal hands us Ctrl-C as a key; it ends us as it ends every other program.
  const interrupt = () => {
    interrupted = true
    terminal?.close()
    output.write(`\nprov: ${stopped}\n`)
    process.kill(process.pid, 'SIGINT')
  }
  const line = async (question: string): Promise<string> => {
    terminal ??= createInterface({ input: stdin, output }).once('SIGINT', interrupt)
    // The lines as they come and not question(): that would lose an answer typed ahead.
    answers ??= terminal[Symbol.asyncIterator]()
    terminal.setPrompt(`${escapeLine(question)} `)
    terminal.prompt()
    const answer = await answers.next()
    if (!answer.done) return answer.value.trim()
    if (interrupted) await new Promise(() => {})
    output.write('\n')
    throw new ProvError('cancelled', stopped, { hint: instead })
  }
  return {
    asks: true,
    async agree(question, otherwise = true) {
      const answer = await line(`${question} [${otherwise ? 'Y/n' : 'y/N'}]`)
      return answer === '' ? otherwise : !/^n/i.test(answer) && (otherwise || /^y/i.test(answer))
    },
    text: line,
    close: () => terminal?.close(),
  }
}

const stopped = 'stopped before anything was changed'
