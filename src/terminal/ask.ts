import { createInterface, type Interface } from 'node:readline'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'

/** Puts questions to a person on a terminal, one after the other. */
export interface Asker {
  /** `otherwise` is the answer of an empty line. Throws `cancelled` when the questions are broken off. */
  ask(question: string, otherwise?: boolean): Promise<boolean>
  /** A word; an empty one when nobody answers. */
  word(question: string): Promise<string>
  close(): void
}

/** Without a terminal, or with --yes, every question is answered with what an empty line would answer. */
export function openAsker({ stdin, stdout }: Context, yes: boolean): Asker {
  if (yes || !stdin.isTTY || !stdout.isTTY)
    return { ask: async (_, otherwise = true) => otherwise, word: async () => '', close() {} }
  let terminal: Interface | undefined
  let answers: AsyncIterator<string> | undefined
  /** The next line, asked for; undefined at the end of the input. */
  const line = async (question: string): Promise<string | undefined> => {
    terminal ??= createInterface({ input: stdin, output: stdout })
    // The lines as they come and not question(): that would lose an answer typed ahead.
    answers ??= terminal[Symbol.asyncIterator]()
    terminal.setPrompt(escapeLine(question))
    terminal.prompt()
    const answer = await answers.next()
    return answer.done ? undefined : answer.value
  }
  return {
    async ask(question, otherwise = true) {
      const answer = await line(`${question} [${otherwise ? 'Y/n' : 'y/N'}] `)
      if (answer === undefined) throw brokenOff(stdout)
      return answer.trim() === '' ? otherwise : !/^\s*n/i.test(answer) && (otherwise || /^\s*y/i.test(answer))
    },
    word: async (question) => ((await line(`${question}: `)) ?? '').trim(),
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
