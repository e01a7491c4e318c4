import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import type { Context } from '../../context.ts'
import { findDraft } from '../../decisions/draft/find-draft.ts'
import type { Grade } from '../../decisions/model/grade.ts'
import { criteriaOf, gradeDecision, recordOutcome } from '../../decisions/outcome/grade-outcome.ts'
import { readDecisions } from '../../decisions/read-decisions.ts'
import { describeGrade } from '../../decisions/view/outcome.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { openAsker } from '../../terminal/ask.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision outcome <id>`: grades the criteria against runs, and records the result. */
export async function decisionOutcome({ flags, words }: ParsedWords, context: Context): Promise<number> {
  const [word, ...rest] = words
  if (word === undefined || rest.length > 0)
    throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
  const view = findDraft(await readDecisions(context), word)
  const criteria = criteriaOf(view)
  const objects = new ObjectReader(context.repository())
  try {
    const grade = await gradeDecision(context, objects, { view, criteria, named: (flags.run ?? []) as string[] })
    const { id, learned } = await recordOutcome(context, objects, view, grade, await learnedOf(context, grade, flags))
    context.stdout.write(
      flags.json
        ? `${JSON.stringify({ id, decision: view.slug, ...grade, ...learned })}\n`
        : `${escapeLine(`prov: ${view.slug}  ${describeGrade(grade)}`)}\n`,
    )
    return grade.verdict === 'met' ? 0 : 1
  } finally {
    objects.close()
  }
}

/** Asks for the lesson when a criterion is not met; each question has a flag. */
async function learnedOf(context: Context, { verdict }: Grade, flags: ParsedWords['flags']) {
  const given = {
    failureAnalysis: flags.failure as string | undefined,
    lesson: flags.lesson as string | undefined,
    text: flags.message as string | undefined,
  }
  const answered = given.failureAnalysis !== undefined || given.lesson !== undefined
  if (verdict !== 'not-met' || answered) return given
  const { text, close } = openAsker(context, { instead: "git prov decision outcome <id> --failure '…' --lesson '…'" })
  try {
    given.failureAnalysis = await text('Why did it not turn out as hoped?')
    given.lesson = await text('What should the next person to try this know?')
  } finally {
    close()
  }
  return given
}
