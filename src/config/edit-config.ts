import { ProvError } from '../base/errors.ts'
import type { DatasetDeclaration } from './config.ts'
import { parseConfig } from './parse-config.ts'

/** The parts of a new prov.yaml. */
export interface NewConfig {
  datasets: readonly DatasetDeclaration[]
  parameters: readonly string[]
  metrics: readonly string[]
}

/** A first prov.yaml, with a comment on each part. */
export async function writeConfig({ datasets, parameters, metrics }: NewConfig): Promise<string> {
  const { stringify } = await import('yaml')
  const part = (key: string, value: readonly unknown[]) =>
    value.length > 0 ? stringify({ [key]: value }) : `${key}: []\n`
  return `# What git-prov records with every commit. Reviewed with the code; git help prov describes every field.
version: 1

# Data to fingerprint: files, folders or globs. git prov dataset add <name> <path>
${part(
  'datasets',
  datasets.map(({ name, path }) => ({ name, path })),
)}
# Parameters and seeds, as they stand in the commit.
${part('parameters', parameters)}
# Where results are written.
${part('metrics', metrics)}
capture:
  mode: wait # or background: the commit returns at once, the capture is made in the background
  budget: 2 # seconds a commit may be held up; what takes longer is finished in the background
`
}

/** Adds a dataset to prov.yaml, keeping comments and order. Throws `config` when the name is taken or the file is invalid. */
export async function addDataset(text: string, dataset: DatasetDeclaration): Promise<string> {
  const { datasets } = await parseConfig(text)
  const twin = datasets.find(({ name }) => name === dataset.name)
  if (twin)
    throw new ProvError('usage', `dataset '${dataset.name}' already exists (${twin.path})`, {
      hint: `git prov dataset remove ${dataset.name}`,
    })
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  if (datasets.length > 0) document.addIn(['datasets'], document.createNode(dataset))
  else document.set('datasets', document.createNode([dataset]))
  const result = String(document)
  await parseConfig(result)
  return result
}

/** Removes a dataset from prov.yaml. Throws `unknown-revision` when there is none of that name. */
export async function removeDataset(text: string, name: string): Promise<string> {
  const { datasets } = await parseConfig(text)
  const index = datasets.findIndex((dataset) => dataset.name === name)
  if (index < 0) {
    throw new ProvError('usage', `there is no dataset '${name}'`, {
      hint:
        datasets.length > 0
          ? `one of: ${datasets.map((dataset) => dataset.name).join(', ')}`
          : 'git prov dataset add <name> <path>',
    })
  }
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  document.deleteIn(['datasets', index])
  return String(document)
}
