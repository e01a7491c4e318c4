import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { shells } from '../terminal/completion/shells.ts'
import { type CommandGroup, type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov completion bash|zsh|fish`: a script to source. */
export async function run(
  argv: string[],
  context: Context,
  spec: CommandSpec,
  groups: readonly CommandGroup[],
): Promise<number> {
  const { words } = parseWords(spec, argv)
  const [shell = ''] = words
  const script = words.length === 1 && Object.hasOwn(shells, shell) ? shells[shell] : undefined
  if (!script)
    throw new ProvError('usage', 'completion takes a shell: bash, zsh or fish', {
      hint: 'git prov completion bash >> ~/.bashrc',
    })
  context.stdout.write(script(groups.flatMap(({ commands }) => commands).filter(({ hidden }) => !hidden)))
  return 0
}
