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
