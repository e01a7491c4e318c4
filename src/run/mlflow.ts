import { messageOf } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { MlflowServer } from '../mlflow/server.ts'
import type { MetricSet } from '../records/metrics/set.ts'
import { runFile } from './active-runs.ts'
import { artifactRoot } from './finish/metrics.ts'
import type { RunOptions } from './options.ts'
import type { Session } from './session.ts'

/** Serves MLflow's clients while the command runs, unless the user has a server of their own. Never rejects. */
export async function serveMlflow(
  session: Session,
  options: RunOptions,
  runId: string,
): Promise<MlflowServer | undefined> {
  if (options.start || !options.mlflow || session.context.env.MLFLOW_TRACKING_URI) return undefined
  try {
    const { startMlflowServer } = await import('../mlflow/server.ts')
    return await startMlflowServer({
      journal: runFile(session.local, runId, 'mlflow.jsonl'),
      artifactRoot: artifactRoot(session),
    })
  } catch (error) {
    session.context.stderr.write(`${escapeLine(`prov: MLflow's clients are not served: ${messageOf(error)}`)}\n`)
    return undefined
  }
}

/** What they logged, once the command has ended. Never rejects. */
export async function loggedToMlflow(server: MlflowServer | undefined): Promise<MetricSet | undefined> {
  if (!server) return undefined
  await server.stop().catch(() => {})
  return server.result()
}
