import { escapeLine } from '../base/escape.ts'
import { configName } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { requireGitVersion } from '../git/version.ts'
import { askChoices } from '../install/choices.ts'
import { readOptions } from '../install/options.ts'
import { setUp } from '../install/set-up.ts'
import { uninstall } from '../install/uninstall.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov init`: once per repository and once per clone; safe to repeat. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const repository = context.repository()
  requireGitVersion(repository)
  const done = flags.uninstall ? uninstall(repository) : await install(context, flags)
  if (!flags.quiet) for (const text of done) context.stdout.write(`prov: ${escapeLine(text)}\n`)
  return 0
}

async function install(context: Context, flags: Record<string, unknown>): Promise<string[]> {
  const repository = context.repository()
  const options = readOptions(flags)
  // Ask first: aborting here changes nothing.
  const choices = await askChoices(context, options)
  const changes = await setUp(context, choices, options)
  if (changes.length === 0) return ['everything is already set up']
  if (!repository.workTree) return changes
  return [...changes, `next: git add ${configName}, and commit as usual; git prov log shows what was recorded`]
}
