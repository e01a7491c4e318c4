import { createInterface, type Interface } from 'node:readline'
import type { Context } from '../context.ts'
import { ProvError } from '../core/errors.ts'
import { escapeLine } from '../core/escape.ts'

/** Puts questions to a person on a terminal, one after the other. */
export interface Asker {
  /** `otherwise` is the answer of an empty line. Throws `cancelled` when the questions are broken off. */
  ask(question: string, otherwise?: boolean): Promise<boolean>
  close(): void
}

/** Without a terminal, or with --yes, every question is answered with what an empty line would answer. */
export function openAsker({ stdin, stdout }: Context, yes: boolean): Asker {
  if (yes || !stdin.isTTY || !stdout.isTTY) return { ask: async (_, otherwise = true) => otherwise, close() {} }
  let terminal: Interface | undefined
  let answers: AsyncIterator<string> | undefined
  return {
    async ask(question, otherwise = true) {
      terminal ??= createInterface({ input: stdin, output: stdout })
      // The lines as they come and not question(): that would lose an answer typed ahead.
      answers ??= terminal[Symbol.asyncIterator]()
      terminal.setPrompt(`${escapeLine(question)} [${otherwise ? 'Y/n' : 'y/N'}] `)
      terminal.prompt()
      const answer = await answers.next()
      if (answer.done) throw brokenOff(stdout)
      return answer.value.trim() === ''
        ? otherwise
        : !/^\s*n/i.test(answer.value) && (otherwise || /^\s*y/i.test(answer.value))
    },
    close: () => terminal?.close(),
  }
}

function brokenOff(stdout: Context['stdout']): ProvError {
  stdout.write('\n')
  return new ProvError('cancelled', 'stopped before anything was changed', {
    hint: 'git prov init --yes takes what was found without asking',
  })
}

/** Puts questions whose answers are free text. */
export interface Questions {
  /** The answer, trimmed. Throws `cancelled` when the questions are broken off. */
  question(text: string): Promise<string>
  close(): void
}

/** The caller has seen that there is a terminal. */
export function openQuestions({ stdin, stdout }: Context): Questions {
  const terminal = createInterface({ input: stdin, output: stdout })
  const answers = terminal[Symbol.asyncIterator]()
  return {
    async question(text) {
      terminal.setPrompt(escapeLine(text))
      terminal.prompt()
      const answer = await answers.next()
      if (!answer.done) return answer.value.trim()
      stdout.write('\n')
      throw new ProvError('cancelled', 'stopped; nothing was written', { hint: 'type it again' })
    },
    close: () => terminal.close(),
  }
}
