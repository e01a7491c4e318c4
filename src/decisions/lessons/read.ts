import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { readKind } from '../../ledger/index/kind-index.ts'
import { outcomeEvents } from '../model/outcome-event.ts'
import { readDecisions } from '../read-decisions.ts'
import { type Lesson, remarkLessons } from './lesson.ts'

/** Every lesson: from remarks, outcomes of decisions, and decision files. */
export async function readLessons(context: Context, objects: ObjectReader): Promise<Lesson[]> {
  const repository = context.repository()
  const remarks = await readKind(repository, objects, remarkLessons)
  const outcomes = await readKind(repository, objects, outcomeEvents)
  const decisions = await readDecisions(context)
  return [
    ...remarks,
    ...outcomes.map(
      ({ time, name, decision, lesson, failureAnalysis }): Lesson => ({
        when: time,
        who: name,
        from: `outcome of ${decision}`,
        ...(lesson && { lesson }),
        ...(failureAnalysis && { failure: failureAnalysis }),
      }),
    ),
    ...decisions.flatMap(({ slug, decision }) =>
      (decision?.lessons ?? []).map(
        (lesson): Lesson => ({
          when: decision?.date ?? '',
          who: decision?.deciders?.[0] ?? '',
          from: `decision ${slug}`,
          lesson,
        }),
      ),
    ),
  ]
}
