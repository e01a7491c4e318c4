import type { CommandSpec } from '../words.ts'
import { subcommands } from './subcommands.ts'

const flagsOf = ({ flags = {} }: CommandSpec) => Object.keys(flags).map((flag) => `--${flag}`)

/** git's own bash completion calls _git_<command> for commands it does not know. */
export function bash(commands: readonly CommandSpec[]): string {
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
