import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { type CommandGroup, type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov completion bash|zsh|fish`: a script to source. */
export async function run(
  argv: string[],
  context: Context,
  spec: CommandSpec,
  groups: readonly CommandGroup[],
): Promise<number> {
  const { words } = parseWords(spec, argv)
  const shells: Record<string, (commands: readonly CommandSpec[]) => string> = { bash, zsh, fish }
  const make = words.length === 1 ? shells[words[0] as string] : undefined
  if (!make)
    throw new ProvError('usage', 'completion takes a shell: bash, zsh or fish', {
      hint: 'git prov completion bash >> ~/.bashrc',
    })
  context.stdout.write(make(groups.flatMap(({ commands }) => commands).filter(({ hidden }) => !hidden)))
  return 0
}

const flagsOf = ({ flags = {} }: CommandSpec) => Object.keys(flags).map((flag) => `--${flag}`)

/** git's own bash completion calls _git_<command> for a command it does not know. */
function bash(commands: readonly CommandSpec[]): string {
  const cases = commands.map(
    (command) => `    ${command.name}) __gitcomp "${[...flagsOf(command), ...subcommands(command)].join(' ')}" ;;`,
  )
  return `# git-prov completion for bash; needs git's own completion.
_git_prov() {
  local at=\${__git_cmd_idx:-1}
  local command="\${words[at + 1]}"
  if [ "$cword" -eq $((at + 1)) ]; then
    __gitcomp "${commands.map(({ name }) => name).join(' ')}"
    return
  fi
  case "$command" in
    log) [ "\${cur#-}" != "$cur" ] && __gitcomp "${commands
      .filter(({ name }) => name === 'log')
      .flatMap(flagsOf)
      .join(' ')} --oneline --graph --all --since= --author=" || __git_complete_revlist ;;
    show|diff) [ "\${cur#-}" != "$cur" ] && __gitcomp "--json" || __git_complete_revlist ;;
${cases.filter((line) => !/^ {4}(log|show|diff)\)/.test(line)).join('\n')}
  esac
}
if declare -F __git_complete >/dev/null; then __git_complete git-prov _git_prov; fi
`
}

/** Whether a flag's value names a file, by what the usage calls it. */
const isFile = (value: string | undefined) => /path|file|folder|identity/.test(value ?? '')

/** In single quotes, for a POSIX-like shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

function zsh(commands: readonly CommandSpec[]): string {
  const list = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`)
  const cases = commands.map((command) => `    ${command.name}) _arguments -s ${zshArguments(command).join(' ')} ;;`)
  return `#compdef git-prov
# git-prov completion for zsh: git completion finds _git-prov on its own.
_git-prov() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'git prov command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
_git-prov "$@"
`
}

/** Specifications of _arguments (zshcompsys(1)): each flag with what it does, then words and files. */
function zshArguments(command: CommandSpec): string[] {
  const special = (text: string) => text.replace(/[[\]:\\]/g, '\\$&')
  const specs = Object.entries(command.flags ?? {}).flatMap(([flag, { short, multiple, value, type, describe }]) => {
    const told = `[${special(describe)}]${type === 'string' ? `:${special(value ?? flag)}:${isFile(value) ? '_files' : ' '}` : ''}`
    const names = [...(short ? [`-${short}`] : []), `--${flag}`]
    return names.map((one) => quoted(`${multiple ? '*' : ''}${one}${told}`))
  })
  const words = subcommands(command)
  return [...specs, quoted(words.length > 0 ? `*: :(${words.join(' ')})` : '*: :_files')]
}

function fish(commands: readonly CommandSpec[]): string {
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

/** The words a command's forms begin with: \`dataset add\`, \`notes rebuild\`. */
function subcommands({ usage }: Pick<CommandSpec, 'usage'>): string[] {
  const words = usage.flatMap((line) => line.split(' ').slice(1, 2))
  return [...new Set(words.flatMap((word) => word.split('|')).filter((word) => /^[a-z]+$/.test(word)))]
}
