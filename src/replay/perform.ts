import { join } from 'node:path'
import { type Execution, execute } from '../execute/execute.ts'
import type { SignalRelay } from '../execute/signals.ts'
import type { Replay } from '../generated/types.ts'
import type { Redactor } from '../privacy/redact.ts'
import { diffEnvironments, type EnvironmentDiff } from '../records/environment.ts'
import type { MetricSet } from '../records/metrics/set.ts'
import { fetchInputs, type InputSources } from './inputs.ts'
import { makePython } from './place/recreate.ts'
import { environmentIn, installed, linkInstalled, withPython } from './place/surroundings.ts'
import { obstaclesOf, type Prepared } from './prepare.ts'
import { rankCauses } from './verdict/causes.ts'
import { metricsAgain, metricsReportedAgain, serveAgain } from './verdict/metrics.ts'
import { outputsAgain } from './verdict/outputs.ts'
import { compareMetrics, judge, type Tolerances } from './verdict.ts'

/** What the record of a verdict holds, without its envelope. */
export type Findings = Pick<Replay, 'verdict' | 'reason' | 'outputs' | 'metrics' | 'causes' | 'outcome' | 'usage'>

export interface Performance {
  tolerances: Tolerances
  sources: InputSources
  redactor: Redactor
  /** While the command runs, it gets the signals. */
  passingSignals<T>(work: (relay: SignalRelay) => Promise<T>): Promise<T>
  /** Standard output is reserved for JSON: the command's output goes to standard error. */
  quiet: boolean
}

/** Runs the command again and compares. Undefined when it was interrupted: then there is no verdict. */
export async function perform(prepared: Prepared, performance: Performance): Promise<Findings | undefined> {
  const { command, workspace } = prepared
  const inPlace = prepared.isolation === 'in-place'
  prepared.inputs = inPlace ? prepared.inputs : await fetchInputs(workspace, prepared.inputs, performance.sources)
  const obstacles = obstaclesOf(prepared.inputs, command, inPlace)
  const failed = obstacles.length === 0 ? await makeEnvironment(prepared, performance) : undefined
  if (failed) obstacles.push(failed)
  if (obstacles.length > 0 || !('words' in command)) return couldNotRun(prepared, obstacles)
  const { words, folder } = command
  const output = performance.quiet ? { output: 'stderr' as const } : {}
  const server = await serveAgain(prepared)
  const env = { ...prepared.env, ...server?.env }
  const execution = await performance.passingSignals((relay) =>
    execute({ command: words, folder, env, relay, ...output }),
  )
  const reported = await metricsReportedAgain(server)
  if (execution.outcome.status === 'interrupted') return undefined
  return await compare(prepared, performance, execution, reported)
}

/** The findings for a run that was not started. */
export function couldNotRun(prepared: Prepared, obstacles: readonly string[]): Findings {
  const reason = obstacles.join('; ')
  return { verdict: 'could-not-run', reason, outputs: [], metrics: [], causes: causesOf(prepared) }
}

/** With --env recreate: creates the environment, and compares it again. */
async function makeEnvironment(prepared: Prepared, { redactor }: Performance): Promise<string | undefined> {
  const { python, workspace, config, subject } = prepared
  if (!python) return undefined
  const prefix = join(workspace.base, 'python')
  const reason = await makePython(python, prefix, prepared.env)
  if (reason) return reason
  prepared.env = withPython(prepared.env, prefix)
  if (prepared.links)
    linkInstalled(workspace.repository.workTree, { ...prepared.links, names: installed.python, instead: prefix })
  const { workTree: root } = workspace.repository
  prepared.environment = await environmentIn(
    { root, cacheDir: join(workspace.base, 'cache'), env: prepared.env },
    config,
    redactor,
  )
  prepared.differences = subject.environment && diffEnvironments(subject.environment, prepared.environment.environment)
  return undefined
}

async function compare(
  prepared: Prepared,
  { tolerances }: Performance,
  execution: Execution,
  reported: readonly MetricSet[],
): Promise<Findings> {
  const { subject, workspace } = prepared
  const { record } = subject
  const outputs = await outputsAgain(workspace, record.outputs ?? [])
  const values = await metricsAgain(prepared, execution.started, reported)
  const metrics = compareMetrics(record.metrics ?? {}, values, tolerances)
  const { outcome, usage } = execution
  const verdict = judge({ recorded: record.outcome, replayed: outcome, outputs, metrics })
  const causes = verdict.verdict === 'identical' ? [] : causesOf(prepared)
  return { ...verdict, outputs, metrics, causes, outcome, usage }
}

function causesOf({ inputs, subject, workspace, differences }: Prepared): Findings['causes'] {
  const data = inputs.filter(({ from, reason }) => from === undefined || reason !== undefined)
  const causes = rankCauses({ code: workspace.doubts, data, environment: differences, seeds: subject.record.seeds })
  return causes
}

/** Every difference of two environments, packages first. */
export function allDifferences(differences: EnvironmentDiff | undefined) {
  return differences ? [...differences.packages, ...differences.software, ...differences.host] : []
}
