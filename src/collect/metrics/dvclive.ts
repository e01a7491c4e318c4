import { statSync } from 'node:fs'
import { posix } from 'node:path'
import { isMissing } from '../../base/missing.ts'
import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import { flattenParameters } from '../parameters.ts'
import { readTable } from './csv.ts'
import { addLeaves } from './leaves.ts'
import type { MetricFile, MetricSource } from './source.ts'
import { readStructured, splitPlace } from './structured.ts'

// dvclive ≥ 2: plots/metrics/<name>.tsv; 1: (data/)scalars/<name>.tsv; before: dvclive/<name>.tsv and dvclive.json.
const series = /^(?:(.*?)\/)?(?:plots\/metrics|data\/scalars|scalars)\/(.+)\.tsv$/
const oldSeries = /^((?:.*\/)?dvclive)\/([^/]+)\.tsv$/
const summary = /^((?:.*\/)?dvclive)(?:\.json|\/metrics\.json|\/params\.yaml)$/

/** Folders that dvclive wrote: series, the summary and the parameters of one run. Names keep their `/`. */
export const dvclive: MetricSource = {
  name: 'dvclive',
  claim(paths) {
    const folders = new Set(paths.flatMap((path) => folderOf(path) ?? []))
    return paths.filter(
      (path) =>
        folderOf(path) !== undefined ||
        (/(^|\/)(metrics\.json|params\.yaml)$/.test(path) && folders.has(posix.dirname(path))),
    )
  },
  async read(files, into) {
    const folders = new Map<string, MetricFile[]>()
    for (const file of files) {
      const folder = folderOf(file.path) ?? posix.dirname(file.path)
      folders.set(folder, [...(folders.get(folder) ?? []), file])
    }
    for (const [folder, inside] of folders) await readFolder(folder, inside, into)
  },
}

function folderOf(path: string): string | undefined {
  const match = series.exec(path) ?? oldSeries.exec(path) ?? summary.exec(path)
  return match ? match[1] || '.' : undefined
}

async function readFolder(folder: string, files: readonly MetricFile[], into: MetricSetBuilder): Promise<void> {
  for (const file of files) {
    const name = (series.exec(file.path) ?? oldSeries.exec(file.path))?.[2]
    // A table of one column beside step and timestamp, named by the last part of the metric's name.
    if (name !== undefined) readTable(file, into, () => name, folder)
  }
  for (const { path, absolute } of files.filter(({ path }) => path.endsWith('.json'))) {
    const found = await readStructured(path, absolute)
    if (isMissing(found)) into.problem(...splitPlace(path, found.missing))
    else
      addLeaves(
        found.value,
        { source: folder, separator: '/', unless: (name) => name === 'step' || into.has(name, folder) },
        into,
      )
  }
  for (const { path, absolute } of files.filter(({ path }) => path.endsWith('params.yaml'))) {
    const found = statSync(absolute).size > 0 ? await readStructured(path, absolute) : { value: {} }
    if (isMissing(found)) into.problem(...splitPlace(path, found.missing))
    else for (const [key, value] of flattenParameters(found.value)) into.parameter('dvclive', key, value)
  }
}
