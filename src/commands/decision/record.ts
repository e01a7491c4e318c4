import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import type { Context } from '../../context.ts'
import { recordDecisions } from '../../decisions/record/record-decisions.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { requireBranchIn } from '../../ledger/read/read.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision record`: what the post-merge hook and the next command do on their own, for CI on any checkout. */
export async function recordNow({ flags, words }: ParsedWords, context: Context): Promise<number> {
  if (words.length > 0)
    throw new ProvError('usage', 'decision record takes no arguments', { hint: 'git prov help decision' })
  const objects = new ObjectReader(context.repository())
  try {
    await requireBranchIn(context.repository(), objects)
    const slugs = await recordDecisions(context, objects, { here: true })
    if (flags.json) context.stdout.write(`${JSON.stringify({ recorded: slugs })}\n`)
    else
      context.stdout.write(
        escapeLine(
          slugs.length > 0 ? `prov: recorded ${slugs.join(', ')}` : 'prov: every decision here is already recorded',
        ).concat('\n'),
      )
    return 0
  } finally {
    objects.close()
  }
}
