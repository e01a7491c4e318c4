import { plural } from '../../base/quantity.ts'
import type { Context } from '../../context.ts'
import { addEvidence } from '../../decisions/evidence/add-evidence.ts'
import { type DecisionFilter, isWanted } from '../../decisions/model/select.ts'
import { isStale } from '../../decisions/model/view.ts'
import { readDecisions } from '../../decisions/read-decisions.ts'
import { renderDecisionList } from '../../decisions/view/list.ts'
import { openOutput } from '../../terminal/output.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision list`: one line per decision. */
export async function listDecisions({ flags }: ParsedWords, context: Context): Promise<number> {
  const today = context.now().toISOString().slice(0, 10)
  const there = await readDecisions(context)
  const all = there.filter((view) => isWanted(view, flags as DecisionFilter, today))
  await addEvidence(context, all)
  const views = flags.stale ? all.filter(isStale) : all
  if (flags.json) {
    context.stdout.write(`${JSON.stringify(views, null, 2)}\n`)
    return 0
  }
  const output = openOutput(context)
  const lines = renderDecisionList(views, { today, columns: context.stdout.columns ?? 80 })
  await output.write(lines.length > 0 ? `${lines.join('\n')}\n` : `prov: ${nothing(there.length)}\n`)
  await output.end()
  return 0
}

/** Why the list is empty: there are no decisions, or none match the filter. */
const nothing = (there: number) =>
  there === 0 ? 'no decisions yet; git prov decision new <title>' : `none of ${plural(there, 'decision')} match`
