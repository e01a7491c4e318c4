import { describeDataset } from '../records/dataset.ts'
import type { DeclaredDataset } from './recorded.ts'

/** The `--json` form of a dataset. */
export function datasetView({ name, path, recorded }: DeclaredDataset) {
  return { name, path, recorded: recorded ?? null }
}

/** One line per dataset. */
export function renderDatasets(datasets: readonly DeclaredDataset[]): string[] {
  const width = Math.max(0, ...datasets.map(({ name }) => name.length))
  return datasets.map(({ name, path, recorded }) => {
    const words = recorded ? describeDataset({ state: 'complete', ...recorded }) : 'not recorded at HEAD yet'
    return `${name.padEnd(width)}  ${path}  ${words}`
  })
}
