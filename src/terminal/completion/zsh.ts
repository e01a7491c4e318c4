import type { CommandSpec } from '../words.ts'
import { isFile } from './is-file.ts'
import { subcommands } from './subcommands.ts'

/** Single-quoted for a POSIX-like shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

export function zsh(commands: readonly CommandSpec[]): string {
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

/** Specifications for _arguments (zshcompsys(1)): each flag with its description, then words and files. */
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
