import type { Context } from '../context.ts'
import { ProvError } from '../core/errors.ts'
import { parseWords } from './spec.ts'
import { commandNamed, commands } from './table.ts'

/** `git prov completion bash|zsh|fish`: a script to source. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { words } = parseWords(commandNamed('completion'), argv)
  const shells: Record<string, () => string> = { bash, zsh, fish }
  const make = words.length === 1 ? shells[words[0] as string] : undefined
  if (!make)
    throw new ProvError('usage', 'completion takes a shell: bash, zsh or fish', {
      hint: 'git prov completion bash >> ~/.bashrc',
    })
  context.stdout.write(make())
  return 0
}

const shown = () => commands.filter((command) => !command.hidden)
const flagsOf = (name: string) => Object.keys(commandNamed(name).flags ?? {}).map((flag) => `--${flag}`)

/** git's own bash completion calls _git_<command> for a command it does not know. */
function bash(): string {
  const cases = shown().map(
    ({ name }) => `    ${name}) __gitcomp "${[...flagsOf(name), ...subcommands(name)].join(' ')}" ;;`,
  )
  return `# git-prov completion for bash; needs git's own completion.
_git_prov() {
  local at=\${__git_cmd_idx:-1}
  local command="\${words[at + 1]}"
  if [ "$cword" -eq $((at + 1)) ]; then
    __gitcomp "${shown()
      .map(({ name }) => name)
      .join(' ')}"
    return
  fi
  case "$command" in
    log) [ "\${cur#-}" != "$cur" ] && __gitcomp "${flagsOf('log').join(' ')} --oneline --graph --all --since= --author=" || __git_complete_revlist ;;
    show|diff) [ "\${cur#-}" != "$cur" ] && __gitcomp "--json" || __git_complete_revlist ;;
${cases.filter((line) => !/^ {4}(log|show|diff)\)/.test(line)).join('\n')}
  esac
}
if declare -F __git_complete >/dev/null; then __git_complete git-prov _git_prov; fi
`
}

function zsh(): string {
  const list = shown().map(({ name, summary }) => `    '${name}:${summary.replaceAll("'", "'\\''")}'`)
  const cases = shown().map(
    ({ name }) => `    ${name}) compadd -- ${[...flagsOf(name), ...subcommands(name)].join(' ')} ;;`,
  )
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
  case $words[2] in
${cases.join('\n')}
  esac
}
_git-prov "$@"
`
}

function fish(): string {
  const lines = shown().flatMap(({ name, summary }) => [
    `complete -c git -n '__fish_seen_subcommand_from prov; and not __fish_seen_subcommand_from ${shown()
      .map((one) => one.name)
      .join(' ')}' -f -a ${name} -d '${summary.replaceAll("'", "\\'")}'`,
    ...flagsOf(name).map(
      (flag) =>
        `complete -c git -n '__fish_seen_subcommand_from prov; and __fish_seen_subcommand_from ${name}' -f -l ${flag.slice(2)}`,
    ),
  ])
  return `# git-prov completion for fish.\ncomplete -c git -n __fish_use_subcommand -f -a prov -d 'provenance of commits'\n${lines.join('\n')}\n`
}

/** The words a command's forms begin with: \`dataset add\`, \`notes rebuild\`. */
function subcommands(name: string): string[] {
  const words = commandNamed(name).usage.flatMap((line) => line.split(' ').slice(1, 2))
  return [...new Set(words.flatMap((word) => word.split('|')).filter((word) => /^[a-z]+$/.test(word)))]
}
