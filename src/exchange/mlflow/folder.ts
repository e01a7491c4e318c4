import { parseYamlText } from '../commit-files.ts'
import type { RunFile } from '../imported-run.ts'
import { type MlflowRun, readMeta, readMetricFiles } from './format.ts'

/** A file of a run's folder, in a commit or on disk. */
export interface FolderFile {
  /** Relative to the run's folder. */
  path: string
  read(): Promise<Buffer | undefined>
  /** The file as listed in a record. */
  describe(): Promise<RunFile>
}

/** Files beside the run's folder that belong to its experiment. */
export interface Experiment {
  name?: string
  /** meta.yaml of datasets/<id>. */
  dataset(id: string): Promise<unknown>
}

const mostArtifacts = 1000

/** A run from the files of its folder (MLflow's FileStore); undefined when meta.yaml is not that of a run. */
export async function readMlflowFolder(
  files: readonly FolderFile[],
  experiment: Experiment,
): Promise<MlflowRun | undefined> {
  const meta = readMeta(await parsed(files.find(({ path }) => path === 'meta.yaml')))
  if (!meta) return undefined
  const texts = async (folder: string) => {
    const inside = files.filter(({ path }) => path.startsWith(`${folder}/`))
    const entries = inside.map(async (file) => [file.path.slice(folder.length + 1), await text(file)] as const)
    return new Map(await Promise.all(entries))
  }
  const artifacts = files.filter(({ path }) => path.startsWith('artifacts/')).slice(0, mostArtifacts)
  const outputs: RunFile[] = []
  for (const file of artifacts) outputs.push(await file.describe())
  return {
    ...meta,
    ...(experiment.name && { experiment: experiment.name }),
    parameters: await texts('params'),
    tags: await texts('tags'),
    ...readMetricFiles(await texts('metrics')),
    inputs: await readInputs(files, experiment),
    artifacts: outputs,
  }
}

const text = async (file: FolderFile) => (await file.read())?.toString('utf8') ?? ''

async function parsed(file: FolderFile | undefined): Promise<unknown> {
  return file && (await parseYamlText(await text(file)))
}

/**
 * Datasets the run logged: inputs/<id>/meta.yaml names one in the experiment's folder. MLflow's digest is not a
 * SHA-256.
 */
async function readInputs(files: readonly FolderFile[], experiment: Experiment): Promise<RunFile[]> {
  const inputs: RunFile[] = []
  for (const file of files.filter(({ path }) => /^inputs\/[^/]+\/meta\.yaml$/.test(path)).slice(0, mostArtifacts)) {
    const id = member(await parsed(file), 'source_id')
    const dataset = id && /^[\w-]{1,128}$/.test(id) ? await experiment.dataset(id) : undefined
    inputs.push(toInput(member(dataset, 'name'), member(dataset, 'digest'), member(dataset, 'source')))
  }
  return inputs
}

/** An input as MLflow records it: a name, a digest over part of its content, and its source. */
export function toInput(name: string | undefined, digest: string | undefined, source: string | undefined): RunFile {
  return {
    path: placeOf(source) ?? name ?? 'dataset',
    declared: 'mlflow',
    state: 'incomplete',
    reason: digest ? `MLflow knows it as ${digest}` : 'MLflow has no digest of it',
    ...(name && { dataset: name.slice(0, 128) }),
  }
}

/** The location in a dataset's source, which is JSON: `{"uri": …}`, `{"url": …}`, `{"path": …}`. */
function placeOf(source: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(source ?? '')
    return ['uri', 'url', 'path'].map((key) => member(value, key)).find((place) => place !== undefined)
  } catch {
    return undefined
  }
}

function member(value: unknown, key: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return typeof found === 'string' && found ? found : undefined
}
