import { describeChange, describeDataset } from '../core/dataset.ts'
import { short } from '../core/digest.ts'
import {
  describeEnvironmentDiff,
  diffEnvironments,
  type Environment,
  summariseEnvironment,
} from '../core/environment.ts'
import { escapeLine } from '../core/escape.ts'
import { isMissing } from '../core/missing.ts'
import type { Capture } from '../core/record.ts'

/** What the line after a commit shows. */
export interface CaptureLineView {
  record: Capture
  environment: Environment | undefined
  /** The parent's, when it is another one and could be read. */
  previous: Environment | undefined
}

/** The one line after a commit: `prov: 1a2b3c4  env 9f2c41 (…)  train 3d1e0a (1,204 files, 1.2 GB)`. */
export function renderCaptureLine(view: CaptureLineView): string {
  const { record } = view
  const parts = [`prov: ${record.about.commit.slice(0, 7)}`, environmentPart(view)]
  for (const [name, dataset] of Object.entries(record.datasets)) {
    const change = record.changed?.datasets?.[name]
    const counted = change?.added !== undefined && dataset.state === 'complete' && dataset.digest
    const words = counted ? `${short(dataset.digest as string)} (${describeChange(change)})` : describeDataset(dataset)
    parts.push(`${name} ${words}`)
    if (dataset.uncommitted)
      parts.push(
        `${name} has ${dataset.uncommitted.count} uncommitted change${dataset.uncommitted.count === 1 ? '' : 's'}`,
      )
  }
  if (record.configuration) parts.push(`${record.configuration.missing}`)
  return escapeLine(parts.join('  '))
}

function environmentPart({ record, environment, previous }: CaptureLineView): string {
  if (isMissing(record.environment)) return 'env not known'
  const id = `env ${short(record.environment.digest)}`
  if (!environment) return id
  if (previous) return `${id} (${describeEnvironmentDiff(diffEnvironments(previous, environment))})`
  return record.changed ? id : `${id} (${summariseEnvironment(environment)})`
}
