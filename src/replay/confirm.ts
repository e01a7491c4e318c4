import { createInterface } from 'node:readline'
import type { Context } from '../context.ts'
import type { ReplayOptions } from './options.ts'
import type { Prepared } from './prepare.ts'

/** Whether to go on: --yes, or a person on a terminal, who has seen the plan. Without either nothing is run. */
export async function confirm(
  { stdin, stderr }: Context,
  { yes }: ReplayOptions,
  { obstacles, isolation }: Prepared,
): Promise<'yes' | 'no'> {
  if (yes) return 'yes'
  if (!stdin.isTTY || !stderr.isTTY) {
    stderr.write(obstacles.length > 0 ? '' : 'prov: nothing was run; add --yes to run it\n')
    return 'no'
  }
  if (obstacles.length > 0) return 'yes'
  const question = isolation === 'in-place' ? 'run it here, in your own work tree?' : 'run it?'
  return /^\s*y/i.test(await answerTo(`${question} [y/N] `, { stdin, stderr })) ? 'yes' : 'no'
}

function answerTo(question: string, { stdin, stderr }: Pick<Context, 'stdin' | 'stderr'>): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr })
  return new Promise((resolve) => {
    terminal.on('close', () => resolve(''))
    terminal.on('SIGINT', () => {
      terminal.close()
      process.kill(process.pid, 'SIGINT')
    })
    terminal.question(question, (answer) => {
      resolve(answer)
      terminal.close()
    })
  })
}
