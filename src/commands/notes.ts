import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { rebuildNotes } from '../ledger/notes/rebuild-notes.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov notes rebuild`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length !== 1 || words[0] !== 'rebuild')
    throw new ProvError('usage', 'wrong arguments for git prov notes', { hint: 'git prov notes rebuild' })
  const repository = context.repository()
  requireBranch(repository)
  const { commits, records, changed, damaged } = await rebuildNotes(repository)
  if (flags.json) context.stdout.write(`${JSON.stringify({ commits, records, changed, damaged: damaged.length })}\n`)
  else {
    context.stdout.write(
      `prov: notes of ${plural(commits, 'commit')} ${changed ? 'rebuilt' : 'are already right'} (${plural(records, 'record')})\n`,
    )
    for (const error of damaged) context.stdout.write(`prov: ${escapeLine(error.message)}; git prov verify\n`)
  }
  return damaged.length > 0 ? 1 : 0
}
