import type { CommandSpec } from '../words.ts'
import { isFile } from './is-file.ts'
import { subcommands } from './subcommands.ts'

export function fish(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name)
  const say = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
  const under = (name: string) => `-n '__fish_seen_subcommand_from prov; and __fish_seen_subcommand_from ${name}'`
  const lines = commands.flatMap(({ name, summary, usage, flags = {} }) => [
    `complete -c git -n '__fish_seen_subcommand_from prov; and not __fish_seen_subcommand_from ${names.join(' ')}' -f -a ${name} -d ${say(summary)}`,
    ...subcommands({ usage }).map((word) => `complete -c git ${under(name)} -f -a ${word}`),
    ...Object.entries(flags).map(
      ([flag, { short, type, value, describe }]) =>
        `complete -c git ${under(name)}${short ? ` -s ${short}` : ''} -l ${flag} ${type === 'boolean' ? '-f' : isFile(value) ? '-r' : '-x'} -d ${say(describe)}`,
    ),
  ])
  return `# git-prov completion for fish.\ncomplete -c git -n __fish_use_subcommand -f -a prov -d 'provenance of commits'\n${lines.join('\n')}\n`
}
