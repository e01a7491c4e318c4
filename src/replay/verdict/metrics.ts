import { join } from 'node:path'
import { collectMetrics } from '../../collect/metrics.ts'
import type { MlflowServer } from '../../mlflow/server.ts'
import { summariseSeries } from '../../records/metrics/series.ts'
import { type MetricSet, mergeMetricSets } from '../../records/metrics/set.ts'
import type { Run } from '../../records/record.ts'
import type { Prepared } from '../prepare.ts'

const artifacts = 'mlartifacts/'

/** Serves MLflow's clients as `git prov run` did, if the run logged anything to it. */
export async function serveAgain({ subject: { record }, workspace }: Prepared): Promise<MlflowServer | undefined> {
  const reported =
    record.parameters.mlflow ?? Object.values(record.metrics ?? {}).find(({ source }) => source === 'mlflow')
  if (!reported) return undefined
  const { startMlflowServer } = await import('../../mlflow/server.ts')
  const artifactRoot = join(workspace.repository.workTree, artifacts)
  return await startMlflowServer({
    journal: join(workspace.base, 'mlflow.jsonl'),
    artifactRoot,
    taken: takenThen(record),
  })
}

const numbered = /^(.+)-([2-9]|[1-9]\d{1,3})$/

/** Folders of earlier runs, by the numbers in this run's folder names: the replay must get the same names. */
function takenThen({ outputs = [] }: Run): Set<string> {
  const own = new Set(outputs.flatMap(({ path }) => (path.startsWith(artifacts) ? [path.slice(artifacts.length)] : [])))
  const taken = new Set<string>()
  for (const folder of own) {
    const [, name, number] = numbered.exec(folder) ?? []
    for (let n = 1; n < Number(number ?? 0); n++) taken.add(n === 1 ? `${name}` : `${name}-${n}`)
  }
  for (const folder of own) taken.delete(folder)
  return taken
}

/** What MLflow's clients logged, once the command has ended. */
export async function metricsReportedAgain(server: MlflowServer | undefined): Promise<MetricSet[]> {
  if (!server) return []
  await server.stop().catch(() => {})
  const result = server.result()
  return result ? [result] : []
}

/** The last values of the metrics from this replay, read from the same sources as before. */
export async function metricsAgain(
  { subject: { record }, workspace, config, events }: Prepared,
  since: Date,
  reported: readonly MetricSet[],
): Promise<NonNullable<Run['metrics']>> {
  const sources = Object.values(record.metrics ?? {}).map(({ source }) => source)
  const collected = await collectMetrics({
    root: workspace.repository.workTree,
    declared: [...new Set([...config.metrics, ...sources.filter((source) => /[./]/.test(source))])],
    since: since.getTime(),
    eventsFile: events,
  })
  const { metrics } = mergeMetricSets([collected, ...reported])
  return Object.fromEntries([...metrics].map(([name, series]) => [name, summariseSeries(name, series)]))
}
