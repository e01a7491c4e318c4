import { join } from 'node:path'
import { collectMetrics } from '../../collect/metrics.ts'
import { type MetricSet, mergeMetricSets } from '../../records/metrics/set.ts'
import { runFile } from '../active-runs.ts'
import type { NamedPath } from '../files.ts'
import { pathFromTop, type Session } from '../session.ts'

/** What a run reported about itself, and the files it named. */
export interface RunMetrics {
  set: MetricSet
  inputs: NamedPath[]
  outputs: NamedPath[]
}

export interface MetricsAsked {
  runId: string
  /** ms since the epoch. */
  since: number
  /** Paths given with --metrics, from the top of the work tree. */
  declared: readonly string[]
  /** From the MLflow endpoint that served the run. */
  mlflow?: MetricSet | undefined
  /** The files that changed, from the top, when they are already known. */
  changed?: readonly string[]
}

/** Metrics, parameters and tags from declared files, recognised files, events and MLflow. */
export async function gatherMetrics(session: Session, asked: MetricsAsked): Promise<RunMetrics> {
  const { config, local, repository } = session
  const { runId, since, mlflow, changed } = asked
  const files = await collectMetrics({
    root: repository.workTree,
    declared: [...config.metrics, ...asked.declared],
    since,
    ...(changed && { changed }),
    eventsFile: runFile(local, runId, 'events.jsonl'),
  })
  const named = (kind: 'inputs' | 'outputs') => [
    ...files[kind].map((path) => namedBy(session, path, 'events')),
    ...(mlflow?.[kind] ?? []).map((path) => namedBy(session, path, 'mlflow')),
  ]
  return {
    set: mergeMetricSets(mlflow ? [files, mlflow] : [files]),
    inputs: named('inputs'),
    outputs: named('outputs'),
  }
}

const namedBy = (session: Session, path: string, declared: NamedPath['declared']): NamedPath => ({
  path: /^[a-z][a-z0-9+.-]*:\/\//i.test(path) ? path.slice(0, 4096) : pathFromTop(session, path),
  declared,
})

/** Where MLflow's clients put artifacts: beside the code, under the folder name MLflow's own server uses. */
export const artifactRoot = ({ repository }: Pick<Session, 'repository'>) => join(repository.workTree, 'mlartifacts')
