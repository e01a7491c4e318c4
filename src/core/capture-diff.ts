import { type Difference, diffEnvironments, type Environment, type EnvironmentDiff } from './environment.ts'
import { diffManifests, type ManifestChange, type ManifestEntry } from './manifest.ts'
import { isMissing } from './missing.ts'
import type { Capture } from './record.ts'

/** What one side of a diff needs: a capture and the files it names, as far as they could be read. */
export interface Side {
  record: Capture
  environment: Environment | undefined
  manifests: Readonly<Record<string, ManifestEntry[]>>
}

export interface DatasetDiff {
  name: string
  before: string | undefined
  after: string | undefined
  /** Undefined for a single file, or when a manifest is not at hand. */
  files: ManifestChange | undefined
}

export interface CaptureDiff {
  /** Undefined when the environment of a side is not known. */
  environment: EnvironmentDiff | undefined
  datasets: DatasetDiff[]
  parameters: Difference[]
}

/** What differs between two captures. */
export function diffCaptures(before: Side, after: Side): CaptureDiff {
  const known = before.environment && after.environment
  return {
    environment: known && diffEnvironments(before.environment as Environment, after.environment as Environment),
    datasets: diffDatasets(before, after),
    parameters: diffParameters(before.record, after.record),
  }
}

export function isEmpty({ environment, datasets, parameters }: CaptureDiff): boolean {
  const changes = environment ? environment.packages.length + environment.software.length + environment.host.length : 0
  return changes + datasets.length + parameters.length === 0
}

function diffDatasets(before: Side, after: Side): DatasetDiff[] {
  const names = new Set([...Object.keys(before.record.datasets), ...Object.keys(after.record.datasets)])
  return [...names].sort().flatMap((name) => {
    const a = before.record.datasets[name]?.digest
    const b = after.record.datasets[name]?.digest
    if (a === b) return []
    const [old, now] = [before.manifests[name], after.manifests[name]]
    return [{ name, before: a, after: b, files: old && now && diffManifests(old, now) }]
  })
}

function diffParameters(before: Capture, after: Capture): Difference[] {
  const values = (record: Capture) =>
    new Map(
      Object.entries(record.parameters).flatMap(([file, found]) =>
        isMissing(found)
          ? []
          : Object.entries(found.values).map(([key, value]) => [`${file}\0${key}`, String(value)] as const),
      ),
    )
  const [a, b] = [values(before), values(after)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((key) => {
    if (a.get(key) === b.get(key)) return []
    const [part, name] = key.split('\0') as [string, string]
    return [{ part, name, before: a.get(key), after: b.get(key) }]
  })
}
