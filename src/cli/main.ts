import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { CommandSpec } from '../terminal/words.ts'
import { commands, groups } from './table.ts'

/** Runs one command line and returns the exit status. */
export async function main(argv: string[], context: Context): Promise<number> {
  const [name, ...rest] = argv
  try {
    if (name === '--version' || name === '-v') return print(context, `git-prov ${__VERSION__}\n`)
    if (!name || isHelp(name) || name === 'help') {
      return await help(name === 'help' ? rest : [], context)
    }
    const command = commands.find((candidate) => candidate.name === name)
    if (isHelp(rest[0]) || (command && isHelp(rest[1]) && hasForm(command, rest[0] as string)))
      return await help([name], context)
    if (!command) throw await unknownCommand(name)
    const module = await command.load()
    return await module.run(rest, context, command, groups)
  } catch (error) {
    const { printError } = await import('../render/error.ts')
    return printError(error, context)
  }
}

const help = async (words: string[], context: Context) =>
  await (await import('../commands/help.ts')).run(words, context, undefined, groups)

const isHelp = (word: string | undefined) => word === '--help' || word === '-h'

/** Whether a word is a subcommand, as in `decision new`: a --help after any other word may be meant for a program. */
function hasForm({ usage }: CommandSpec, word: string): boolean {
  return usage.some((form) => (form.split(' ')[1] ?? '').split('|').includes(word))
}

function print(context: Context, text: string): number {
  context.stdout.write(text)
  return 0
}

async function unknownCommand(name: string): Promise<ProvError> {
  const { nearest } = await import('../base/nearest.ts')
  const guess = nearest(
    name,
    commands.filter((command) => !command.hidden).map((command) => command.name),
  )
  return new ProvError('usage', `'${name}' is not a git prov command`, {
    hint: guess ? `git prov ${guess}` : 'git prov help',
  })
}

declare const __VERSION__: string
