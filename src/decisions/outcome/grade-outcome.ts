import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { findRun, needRun } from '../../ledger/index/find-run.ts'
import { aboutHere } from '../../recording/about-here.ts'
import { record } from '../../recording/record.ts'
import { recordPath } from '../../records/layout.ts'
import type { Link, Outcome } from '../../records/record.ts'
import type { RunView } from '../../records/run.ts'
import { readCriteriaOrder } from '../evidence/criteria-order.ts'
import type { Criterion } from '../model/decision.ts'
import { lastRecorded } from '../model/event.ts'
import { type Grade, gradeCriteria } from '../model/grade.ts'
import type { DecisionView } from '../model/view.ts'
import { runsServing } from './runs-serving.ts'

/** The criteria a decision is graded by. Throws `usage` when it has none. */
export function criteriaOf(view: DecisionView): readonly Criterion[] {
  const criteria = view.decision?.criteria ?? []
  if (criteria.length > 0) return criteria
  throw new ProvError('usage', `decision '${view.slug}' has no criteria to grade a run by`, {
    hint: `write them in ${view.file ?? 'its file'}: criteria: [{ metric: f1, at_least: 0.80 }]`,
  })
}

/** A decision, its criteria, and the runs to grade, as typed; none: its own. */
interface Graded {
  view: DecisionView
  criteria: readonly Criterion[]
  named: readonly string[]
}

/** Grades the criteria by the runs that answer them. */
export async function gradeDecision(
  context: Context,
  objects: ObjectReader,
  { view, criteria, named }: Graded,
): Promise<Grade> {
  const runs = await runsAnswering(context, objects, view, named)
  const order = await orderOf(context, objects, view, runs)
  return gradeCriteria(criteria, runs, (run) => order.get(run.id))
}

/** The named runs, else those the decision rests on and those made for it with `--decision`. */
async function runsAnswering(
  context: Context,
  objects: ObjectReader,
  view: DecisionView,
  named: readonly string[],
): Promise<RunView[]> {
  const repository = context.repository()
  if (named.length > 0) return await Promise.all(named.map((word) => needRun(repository, objects, word)))
  const evidence = (view.decision?.evidence ?? []).flatMap(({ run }) => run ?? [])
  const found = await Promise.all(evidence.map((word) => findRun(repository, objects, word)))
  const serving = await runsServing(repository, objects, view.slug)
  const all = [...found.flatMap((run) => run ?? []), ...serving]
  return [...new Map(all.map((run) => [run.id, run])).values()]
}

/** Whether the criteria are older than each run, proven as in `git prov check`. */
async function orderOf(
  context: Context,
  objects: ObjectReader,
  { slug, file, decision }: DecisionView,
  runs: readonly RunView[],
): Promise<Map<string, boolean>> {
  if (!file || !decision) return new Map()
  const draft = {
    slug,
    file,
    digest: '',
    problems: [],
    decision: { ...decision, evidence: runs.map(({ id }) => ({ run: id })) },
  }
  const places = new Map(
    runs.map(({ id, planned, record }) => {
      const { time } = planned?.record ?? record
      return [id, { id, path: recordPath('run', time, id) }] as const
    }),
  )
  const orders = (await readCriteriaOrder(context.repository(), objects, [draft], places)).get(slug) ?? []
  return new Map(orders.flatMap(({ run, order }) => (order === 'unknown' ? [] : [[run, order === 'before'] as const])))
}

/** What was learned, as recorded. */
interface Learned {
  failureAnalysis?: string
  lesson?: string
  text?: string
}

/** Records a grade and what was learned. Returns the latter as recorded, with secrets redacted. */
export async function recordOutcome(
  context: Context,
  objects: ObjectReader,
  view: DecisionView,
  grade: Grade,
  answers: Readonly<Record<keyof Learned, string | undefined>>,
): Promise<{ id: string; learned: Learned }> {
  const learned: Learned = Object.fromEntries(
    Object.entries(answers).flatMap(([name, text]) => (text?.trim() ? [[name, text.trim()]] : [])),
  )
  const recorded = lastRecorded(view.events)
  const runs = [...new Set(grade.criteria.flatMap(({ run }) => run ?? []))]
  const links: Link[] = [
    ...(recorded ? [{ rel: 'justifies' as const, to: `record:${recorded.id}` }] : []),
    ...runs.map((id) => ({ rel: 'wasInformedBy' as const, to: `record:${id}` })),
  ]
  const { stored } = await record<Outcome>(context, objects, {
    kind: 'outcome',
    about: await aboutHere(context, objects),
    fields: { decision: view.slug, revision: view.revision, ...grade, ...learned },
    links,
  })
  return { id: stored.id, learned: learnedIn(stored.record) }
}

function learnedIn({ failureAnalysis, lesson, text }: Outcome): Learned {
  return { ...(failureAnalysis && { failureAnalysis }), ...(lesson && { lesson }), ...(text && { text }) }
}
