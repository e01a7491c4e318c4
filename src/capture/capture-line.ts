import { short } from '../base/digest.ts'
import { escapeLine } from '../base/escape.ts'
import { isMissing } from '../base/missing.ts'
import { plural } from '../base/quantity.ts'
import { type Dataset, type DatasetChange, describeChange, describeDataset } from '../records/dataset.ts'
import {
  describeEnvironmentDiff,
  diffEnvironments,
  type Environment,
  summariseEnvironment,
} from '../records/environment.ts'
import type { Capture } from '../records/record.ts'

/** What the line after a commit shows. */
export interface CaptureLineView {
  record: Capture
  environment: Environment | undefined
  /** The parent's environment, when it differs and could be read. */
  previous: Environment | undefined
}

/** The one line after a commit: `prov: 1a2b3c4  env 9f2c41 (…)  train 3d1e0a (1,204 files, 1.2 GB)`. */
export function renderCaptureLine(view: CaptureLineView): string {
  const { record } = view
  const datasets = Object.entries(record.datasets)
  const missing = datasets.filter(([, { state }]) => state === 'missing').map(([name]) => name)
  const parts = [`prov: ${record.about.commit.slice(0, 7)}`, environmentPart(view)]
  for (const [name, dataset] of datasets) {
    if (missing.length > 1 && dataset.state === 'missing') continue
    parts.push(`${name} ${datasetWords(dataset, record.changed?.datasets?.[name])}`)
    if (dataset.uncommitted) parts.push(`${name} has ${plural(dataset.uncommitted.count, 'uncommitted change')}`)
  }
  if (missing.length > 1) parts.push(`${list(missing)} missing (git prov show says why)`)
  if (record.configuration) parts.push(`no data: ${record.configuration.missing}`)
  return escapeLine(parts.join('  '))
}

function datasetWords(dataset: Dataset, change: DatasetChange | undefined): string {
  const counted = change?.added !== undefined && dataset.state === 'complete' && dataset.digest
  return counted ? `${short(dataset.digest as string)} (${describeChange(change)})` : describeDataset(dataset)
}

/** `a, b and 3 more`. */
function list(names: readonly string[]): string {
  const shown = names.length > 4 ? 3 : names.length
  return `${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`
}

function environmentPart({ record, environment, previous }: CaptureLineView): string {
  if (isMissing(record.environment)) return 'env not known'
  const id = `env ${short(record.environment.digest)}`
  if (!environment) return id
  if (previous) return `${id} (${describeEnvironmentDiff(diffEnvironments(previous, environment))})`
  return record.changed ? id : `${id} (${summariseEnvironment(environment)})`
}
