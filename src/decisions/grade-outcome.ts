import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { findRun, needRun } from '../ledger/index/find-run.ts'
import { appendNow, presentOf } from '../recording/present.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import { recordPath } from '../records/layout.ts'
import { buildRecord, type Link, type Outcome } from '../records/record.ts'
import type { RunView } from '../records/run.ts'
import { openAsker } from '../terminal/ask.ts'
import type { ParsedWords } from '../terminal/words.ts'
import { findDraft } from './draft/find-draft.ts'
import { readCriteriaOrder } from './evidence/criteria-order.ts'
import type { Criterion } from './model/decision.ts'
import { lastRecorded } from './model/event.ts'
import { type Grade, gradeCriteria } from './model/grade.ts'
import type { DecisionView } from './model/view.ts'
import { runsServing } from './outcome/runs-serving.ts'
import { readDecisions } from './read-decisions.ts'
import { describeGrade } from './view/outcome.ts'

/** `git prov decision outcome <id>`: the criteria against the runs that answer them, as a record. */
export async function gradeDecision({ flags, words }: ParsedWords, context: Context): Promise<number> {
  const [word, ...rest] = words
  if (word === undefined || rest.length > 0)
    throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
  const view = findDraft(await readDecisions(context), word)
  const criteria = view.decision?.criteria ?? []
  if (criteria.length === 0)
    throw new ProvError('usage', `decision '${view.slug}' has no criteria to hold a run against`, {
      hint: `write them in ${view.file ?? 'its file'}: criteria: [{ metric: f1, at_least: 0.80 }]`,
    })
  const objects = new ObjectReader(context.repository())
  try {
    const runs = await runsAnswering(context, objects, view, (flags.run ?? []) as string[])
    const grade = await gradeOf(context, objects, view, criteria, runs)
    const learned = await learn(context, grade, flags)
    const id = await append(context, objects, view, grade, learned)
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

/** Those named, else those the decision rests on and those that said they serve it. */
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

async function gradeOf(
  context: Context,
  objects: ObjectReader,
  view: DecisionView,
  criteria: readonly Criterion[],
  runs: readonly RunView[],
): Promise<Grade> {
  const order = await orderOf(context, objects, view, runs)
  return gradeCriteria(criteria, runs, (run) => order.get(run.id))
}

/** Whether the criteria came before each run, as check proves it. */
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

interface Learned {
  failureAnalysis?: string
  lesson?: string
  text?: string
}

/** What was learned is asked for when a criterion is not met; each question has a flag. */
async function learn(context: Context, { verdict }: Grade, flags: ParsedWords['flags']): Promise<Learned> {
  const given = {
    failureAnalysis: flags.failure as string | undefined,
    lesson: flags.lesson as string | undefined,
    text: flags.message as string | undefined,
  }
  const answered = given.failureAnalysis !== undefined || given.lesson !== undefined
  if (verdict === 'not-met' && !answered) {
    const { text, close } = openAsker(context, { instead: "git prov decision outcome <id> --failure '…' --lesson '…'" })
    try {
      given.failureAnalysis = await text('Why did it not turn out as hoped?')
      given.lesson = await text('What should others know who come this way again?')
    } finally {
      close()
    }
  }
  const { redact } = (await privacyOf(context)).redactor
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, text]) => (text?.trim() ? [[name, redact(text.trim(), name).text]] : [])),
  )
}

async function append(
  context: Context,
  objects: ObjectReader,
  view: DecisionView,
  grade: Grade,
  learned: Learned,
): Promise<string> {
  const present = await presentOf(context, objects)
  const recorded = lastRecorded(view.events)
  const runs = [...new Set(grade.criteria.flatMap(({ run }) => run ?? []))]
  const links: Link[] = [
    ...(recorded ? [{ rel: 'justifies' as const, to: `record:${recorded.id}` }] : []),
    ...runs.map((id) => ({ rel: 'wasInformedBy' as const, to: `record:${id}` })),
  ]
  const record = buildRecord<Outcome>(
    {
      kind: 'outcome',
      agent: present.agent,
      ...(present.about && { about: present.about }),
      decision: view.slug,
      revision: view.revision,
      ...grade,
      ...learned,
      links,
    },
    context.now(),
  )
  await appendNow(context, objects, present, [{ record }])
  return record.id
}
