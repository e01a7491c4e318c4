import { escapeLine } from '../../base/escape.ts'
import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { readDecisionState } from './seen.ts'

/** Records decisions that have reached the default branch. Costs one object read while the folder is unchanged. */
export async function catchUpDecisions(context: Context, objects: ObjectReader): Promise<void> {
  const { isSeen, remember } = await readDecisionState(context.repository(), objects)
  if (isSeen) return
  const { recordDecisions } = await import('./record-decisions.ts')
  const slugs = await recordDecisions(context, objects)
  remember()
  if (slugs.length > 0) context.stderr.write(`${escapeLine(`prov: recorded ${slugs.join(', ')}`)}\n`)
}
