import { isMissing } from '../base/missing.ts'
import { fileName } from '../expression/run-vocabulary.ts'
import { diffManifests, type ManifestChange, type ManifestEntry } from '../records/branch/manifest.ts'
import { type Difference, diffEnvironments, type Environment, type EnvironmentDiff } from '../records/environment.ts'
import type { Run } from '../records/record.ts'

type Contents = Readonly<Record<string, { digest?: string; manifest?: boolean }>>

/** The parts of a capture or run that are compared. */
export interface Compared {
  datasets: Contents
  /** Runs only. */
  outputs?: Contents
  parameters: Run['parameters']
}

/** One side of a diff: what was recorded, and the manifests it names, as far as they could be read. */
export interface Side {
  record: Compared
  environment: Environment | undefined
  /** By digest. */
  manifests: Readonly<Record<string, ManifestEntry[]>>
}

export interface DatasetDiff {
  name: string
  before: string | undefined
  after: string | undefined
  /** Undefined for a single file, or when a manifest is not available. */
  files: ManifestChange | undefined
}

export interface CaptureDiff {
  /** Undefined when one side's environment is not known. */
  environment: EnvironmentDiff | undefined
  datasets: DatasetDiff[]
  /** Between two runs. */
  outputs: DatasetDiff[]
  parameters: Difference[]
}

/** A run in the form that is compared: its inputs count as datasets. */
export function comparedRun({ inputs, outputs, parameters }: Run): Compared {
  const named = (files: Run['inputs']) => Object.fromEntries([...files].reverse().map((file) => [fileName(file), file]))
  return { datasets: named(inputs), outputs: named(outputs ?? []), parameters }
}

/** What differs between two captures. */
export function diffCaptures(before: Side, after: Side): CaptureDiff {
  const known = before.environment && after.environment
  return {
    environment: known && diffEnvironments(before.environment as Environment, after.environment as Environment),
    datasets: diffContents(before.record.datasets, after.record.datasets, before, after),
    outputs:
      before.record.outputs && after.record.outputs
        ? diffContents(before.record.outputs, after.record.outputs, before, after)
        : [],
    parameters: diffParameters(before.record, after.record),
  }
}

export function isEmpty({ environment, datasets, outputs, parameters }: CaptureDiff): boolean {
  const changes = environment ? environment.packages.length + environment.software.length + environment.host.length : 0
  return changes + datasets.length + outputs.length + parameters.length === 0
}

function diffContents(old: Contents, now: Contents, before: Side, after: Side): DatasetDiff[] {
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].sort().flatMap((name) => {
    const [a, b] = [old[name]?.digest, now[name]?.digest]
    if (a === b) return []
    const files = [before.manifests[a ?? ''], after.manifests[b ?? '']] as const
    return [{ name, before: a, after: b, files: files[0] && files[1] && diffManifests(files[0], files[1]) }]
  })
}

function diffParameters(before: Compared, after: Compared): Difference[] {
  const values = (record: Compared) =>
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
