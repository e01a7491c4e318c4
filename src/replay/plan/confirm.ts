import type { Context } from '../../context.ts'
import { openAsker } from '../../terminal/ask.ts'
import type { ReplayOptions } from '../options.ts'
import type { Prepared } from '../prepare.ts'

/** Whether to go on: with --yes, or when a person on a terminal agrees to the plan. Otherwise nothing runs. */
export async function confirm(
  context: Context,
  { yes }: ReplayOptions,
  { obstacles, isolation }: Prepared,
): Promise<'yes' | 'no'> {
  if (yes) return 'yes'
  const asker = openAsker(context, { on: 'stderr', instead: 'git prov replay <run> --yes' })
  if (!asker.asks) {
    context.stderr.write(obstacles.length > 0 ? '' : 'prov: nothing was run; add --yes to run it\n')
    return 'no'
  }
  if (obstacles.length > 0) return 'yes'
  const question = isolation === 'in-place' ? 'run it here, in your own work tree?' : 'run it?'
  return (await asker.agree(question, false).finally(asker.close)) ? 'yes' : 'no'
}
