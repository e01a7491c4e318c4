import type { ArtifactFolders } from './artifact-folders.ts'
import type { Fields } from './fields.ts'
import type { MlflowStore } from './store.ts'

/** What a handler may use. */
export interface Endpoint {
  store: MlflowStore
  folders: ArtifactFolders
  now: () => number
}

/** Answers a request with the JSON of the response message in MLflow's proto; throws MlflowError. */
export type Handler = (fields: Fields, endpoint: Endpoint, ...ids: string[]) => unknown

/** `GET runs/get`, below /api/2.0/mlflow/; {} in a path stands for an id. */
export type Routes = Readonly<Record<string, Handler>>
