import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { writeAtomically } from '../base/files.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { gatherPullRequest } from '../pull-request/gather.ts'
import { renderPullRequest } from '../pull-request/text.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov pr --base REF`: one Markdown comment on a change under review. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0 || flags.base === undefined)
    throw new ProvError('usage', 'pr needs --base, the branch to merge into', {
      hint: 'git prov pr --base origin/main',
    })
  const objects = new ObjectReader(context.repository())
  try {
    const view = await gatherPullRequest(context, objects, String(flags.base))
    const text = flags.json ? `${JSON.stringify(view, null, 2)}\n` : renderPullRequest(view)
    if (flags.output === undefined) context.stdout.write(text)
    else {
      writeAtomically(resolve(context.cwd, String(flags.output)), text)
      context.stderr.write(`${escapeLine(`prov: ${String(flags.output)} written`)}\n`)
    }
    return 0
  } finally {
    objects.close()
  }
}
