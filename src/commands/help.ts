import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { CommandGroup, CommandSpec } from '../terminal/words.ts'

/** `git prov help [<command>]`. */
export async function run(
  argv: string[],
  context: Context,
  _spec: unknown,
  groups: readonly CommandGroup[],
): Promise<number> {
  context.stdout.write(argv[0] ? commandHelp(find(argv[0], groups)) : overview(groups))
  return 0
}

function find(name: string, groups: readonly CommandGroup[]): CommandSpec {
  const command = groups.flatMap(({ commands }) => commands).find((candidate) => candidate.name === name)
  if (command) return command
  throw new ProvError('usage', `'${name}' is not a git prov command`, { hint: 'git prov help' })
}

function overview(groups: readonly CommandGroup[]): string {
  const width = Math.max(...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)))
  const parts = groups.map(({ title, commands: all }) => {
    const rows = all
      .filter((command) => !command.hidden)
      .map((command) => `   ${command.name.padEnd(width)}  ${command.summary}`)
    return `${title}\n${rows.join('\n')}\n`
  })
  return `usage: git prov <command> [<options>]

Records, inside git, the environment, data and reasons behind every commit.

${parts.join('\n')}
'git prov help <command>' explains one; 'git help prov' opens the manual page.
`
}

export function commandHelp(command: CommandSpec): string {
  const usage = command.usage.map((line, index) => `${index ? '   or: ' : 'usage: '}git prov ${line}`)
  const flags = Object.entries(command.flags ?? {}).map(([name, flag]) => {
    const long = `--${name}${flag.type === 'string' ? ` <${flag.value ?? 'value'}>` : ''}`
    return `   ${(flag.short ? `-${flag.short}, ` : '    ') + long}`.padEnd(32) + flag.describe
  })
  const paragraphs = (command.details ?? []).map((text) => `\n${wrap(text, 78)}\n`)
  return `${usage.join('\n')}\n\n${command.summary}\n${paragraphs.join('')}${flags.length ? `\n${flags.join('\n')}\n` : ''}`
}

function wrap(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line].join('\n')
}
