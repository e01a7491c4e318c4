import type { PolicyPart } from '../generated/types.ts'

export type { PolicyPart }

/** A dataset as prov.yaml declares it. `path` is a file, a folder or a glob, relative to the top of the work tree. */
export interface DatasetDeclaration {
  name: string
  path: string
}

/** prov.yaml, read and complete: every default filled in. */
export interface Config {
  datasets: DatasetDeclaration[]
  /** Files of parameters (YAML, JSON, TOML), relative to the top of the work tree. */
  parameters: string[]
  /** Files of metrics, relative to the top of the work tree. */
  metrics: string[]
  environment: {
    /** Names of environment variables to record beside the built-in list. */
    variables: string[]
  }
  capture: {
    /** wait: the commit returns when the capture is written. background: at once, and the capture is made behind it. */
    mode: 'wait' | 'background'
    /** Seconds a commit may be held up; what takes longer is pending and finished later. */
    budget: number
  }
  /** A separate remote for provenance, proposed to whoever sets up a clone. It decides nothing. */
  share?: { url: string }
  /** How far metrics of a replay may be from what was recorded, by name; absent when nothing is said. */
  replay?: { tolerance: Record<string, number> }
  /** What the team holds itself to, as written; absent when nothing is. */
  policy?: PolicyPart
}

export const defaultConfig: Config = {
  datasets: [],
  parameters: [],
  metrics: [],
  environment: { variables: [] },
  capture: { mode: 'wait', budget: 2 },
}
