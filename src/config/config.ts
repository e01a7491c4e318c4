import type { PolicyPart } from '../generated/types.ts'

export type { PolicyPart }

/** A dataset as prov.yaml declares it. `path` is a file, a folder or a glob, relative to the top of the work tree. */
export interface DatasetDeclaration {
  name: string
  path: string
}

/** prov.yaml with every default filled in. */
export interface Config {
  datasets: DatasetDeclaration[]
  /** Parameter files (YAML, JSON, TOML), relative to the top of the work tree. */
  parameters: string[]
  /** Metrics files, relative to the top of the work tree. */
  metrics: string[]
  environment: {
    /** Environment variables to record in addition to the built-in list. */
    variables: string[]
  }
  capture: {
    /** wait: the commit returns once the capture is written. background: it returns at once, and the capture follows. */
    mode: 'wait' | 'background'
    /** Seconds a commit may be delayed; what takes longer is left pending and finished later. */
    budget: number
  }
  /** A separate remote for provenance, suggested when a clone is set up. Only a suggestion. */
  share?: { url: string }
  /** How far a replay's metrics may differ from the recorded ones, by name; absent when not configured. */
  replay?: { tolerance: Record<string, number> }
  /** The team's policy as written; absent when there is none. */
  policy?: PolicyPart
}

export const defaultConfig: Config = {
  datasets: [],
  parameters: [],
  metrics: [],
  environment: { variables: [] },
  capture: { mode: 'wait', budget: 2 },
}
