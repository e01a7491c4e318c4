import type { Context } from '../context.ts'
import type { CheckedCommit } from '../decisions/model/problem.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { findRun } from '../ledger/index/find-run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { runsIn } from '../records/run/note.ts'
import { answerOf, headlineMetrics, type RunView } from '../records/run.ts'
import { findBaseline } from '../run/plan/baseline.ts'
import type { PullRequestRun } from './pull-request.ts'

const most = 30

/** Runs made at the commits of a change, oldest first, each with its baseline or the last run before the change. */
export async function readRunsOf(
  context: Context,
  objects: ObjectReader,
  commits: readonly CheckedCommit[],
  from: string,
): Promise<{ view: RunView; row: PullRequestRun }[]> {
  const repository = context.repository()
  const ids = commits.toReversed().flatMap(({ lines }) => runsIn(lines))
  const found: { view: RunView; row: PullRequestRun }[] = []
  for (const id of [...new Set(ids)].slice(-most)) {
    const view = await findRun(repository, objects, id)
    if (view) found.push({ view, row: await rowOf(context, objects, view, from) })
  }
  return found
}

async function rowOf(context: Context, objects: ObjectReader, view: RunView, from: string): Promise<PullRequestRun> {
  const { record, id } = view
  const repository = context.repository()
  const settings = readSettings(repository)
  const baseline = record.baseline ?? (await findBaseline({ repository, objects, settings }, from, record.stage))
  const answer = answerOf(record)
  const label = baseline.run ? `run ${baseline.run.slice(0, 6)}` : undefined
  return {
    id,
    status: record.outcome?.status ?? 'not finished',
    ...(record.stage && { stage: record.stage }),
    ...(record.name && { name: record.name }),
    ...(answer && { answer }),
    ...(label && { baseline: label }),
    metrics: headlineMetrics(record, 10).map((name) => {
      const metric = record.metrics?.[name]
      const base = baseline.metrics?.[name]
      return {
        name,
        value: metric?.value ?? 'NaN',
        ...(base !== undefined && { baseline: base }),
        ...(metric?.direction && { direction: metric.direction }),
      }
    }),
  }
}
