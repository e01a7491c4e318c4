import { createInterface, type Interface } from 'node:readline'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'

/** Asks a person on a terminal, one question at a time. `agree` and `text` throw `cancelled` at the end of the input. */
export interface Asker {
  /** False when nobody is asked: every question then gets the answer of an empty line. */
  readonly asks: boolean
  /** Yes or no; `otherwise` is the default, for an empty line. */
  agree(question: string, otherwise?: boolean): Promise<boolean>
  /** The line typed, trimmed. */
  text(question: string): Promise<string>
  close(): void
}

interface Asking {
  /** Where questions are written: stderr when a program may be reading stdout. */
  on?: 'stdout' | 'stderr'
  /** The command with the flag that answers the questions. */
  instead: string
  /** Whether that flag was given. */
  answered?: boolean
}

/** Asks only when both questions and answers go through a terminal. Ask before changing anything: cancelling says nothing changed. */
export function openAsker(context: Context, { on = 'stdout', instead, answered = false }: Asking): Asker {
  const { stdin, [on]: output } = context
  if (answered || !stdin.isTTY || !output.isTTY)
    return { asks: false, agree: async (_, otherwise = true) => otherwise, text: async () => '', close() {} }
  let terminal: Interface | undefined
  let answers: AsyncIterator<string> | undefined
  let interrupted = false
  // While reading a line, readline gets Ctrl-C as a key; let it end us as it would any other program.
  const interrupt = () => {
    interrupted = true
    terminal?.close()
    output.write(`\nprov: ${stopped}\n`)
    process.kill(process.pid, 'SIGINT')
  }
  const line = async (question: string): Promise<string> => {
    terminal ??= createInterface({ input: stdin, output }).once('SIGINT', interrupt)
    // Iterates over lines rather than calling question(), which would lose an answer typed ahead.
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
