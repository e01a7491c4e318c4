/** MLflow's entities as far as the endpoint keeps them. Times are ms since the epoch. */
export interface Experiment {
  id: string
  name: string
  stage: Stage
  created: number
  tags: Record<string, string>
}

type Stage = 'active' | 'deleted'

export interface MlflowRun {
  id: string
  name: string
  experiment: string
  status: string
  stage: Stage
  /** Its artifact folder, below the root. */
  folder: string
  start: number
  end?: number
}

/** A model logged by MLflow 3, with artifacts separate from the run's. */
export interface LoggedModel {
  id: string
  name: string
  experiment: string
  status: string
  folder: string
  created: number
  updated: number
  type?: string
  run?: string
  tags: Record<string, string>
  params: Record<string, string>
}

export interface RegisteredModel {
  name: string
  created: number
  updated: number
  description?: string
  tags: Record<string, string>
  aliases: Record<string, string>
}

export interface ModelVersion {
  name: string
  version: string
  created: number
  updated: number
  source: string
  stage: string
  run?: string
  model?: string
  description?: string
  tags: Record<string, string>
}

/** A dataset a run used. `source` is as the client sent it, mostly JSON. */
export interface MlflowDataset {
  name: string
  digest: string
  sourceType: string
  source: string
  context?: string
}

export interface Tables {
  experiments: Experiment
  runs: MlflowRun
  models: LoggedModel
  registered: RegisteredModel
  versions: ModelVersion
}

/** One change; the journal has one per line. */
export type MlflowEvent =
  | { [T in keyof Tables]: { op: 'put'; table: T; id: string; value: Tables[T] } }[keyof Tables]
  | { op: 'drop'; table: keyof Tables; id: string }
  | { op: 'metric'; run: string; key: string; value: number | string; step: number; time: number }
  | { op: 'param'; run: string; key: string; value: string }
  | { op: 'tag'; run: string; key: string; value: string | null }
  | { op: 'dataset'; run: string; value: MlflowDataset }
  | { op: 'model'; run: string; model: string; as: 'input' | 'output' }
