import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { findDraft } from '../../decisions/draft/find-draft.ts'
import { addEvidence } from '../../decisions/evidence/add-evidence.ts'
import { readDecisions } from '../../decisions/read-decisions.ts'
import { renderDecision } from '../../decisions/view/decision.ts'
import { painter } from '../../render/colour.ts'
import { openOutput } from '../../terminal/output.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision show <id>`: the file and what is recorded about it. */
export async function showDecision({ flags, words }: ParsedWords, context: Context): Promise<number> {
  const [word, ...rest] = words
  if (word === undefined || rest.length > 0)
    throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
  const view = findDraft(await readDecisions(context), word)
  await addEvidence(context, [view])
  if (flags.json) {
    context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    return 0
  }
  const output = openOutput(context)
  await output.write(`${renderDecision(view, painter(output.colour)).join('\n')}\n`)
  await output.end()
  return 0
}
