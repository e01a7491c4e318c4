import { messageOf } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { MlflowServer } from '../mlflow/server.ts'
import type { MetricSet } from '../records/metrics/set.ts'
import { runFile } from './active-runs.ts'
import { artifactRoot } from './metrics.ts'
import type { RunOptions } from './options.ts'
import type { Scene } from './session.ts'

/** Serves MLflow's clients while the command runs, unless the user has a server of their own. Never rejects. */
export async function serveMlflow(scene: Scene, options: RunOptions, runId: string): Promise<MlflowServer | undefined> {
  if (options.start || !options.mlflow || scene.context.env.MLFLOW_TRACKING_URI) return undefined
  try {
    const { startMlflowServer } = await import('../mlflow/server.ts')
    return await startMlflowServer({
      journal: runFile(scene.local, runId, 'mlflow.jsonl'),
      artifactRoot: artifactRoot(scene),
    })
  } catch (error) {
    scene.context.stderr.write(`${escapeLine(`prov: MLflow's clients are not served: ${messageOf(error)}`)}\n`)
    return undefined
  }
}

/** What they told, once the command has ended. Never rejects. */
export async function toldToMlflow(server: MlflowServer | undefined): Promise<MetricSet | undefined> {
  if (!server) return undefined
  await server.stop().catch(() => {})
  return server.result()
}
