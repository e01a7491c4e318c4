import type { MetricSetBuilder } from '../../records/metrics/set.ts'

/** A file of metrics: its path as records have it (relative to the top of the work tree) and where it lies. */
export interface MetricFile {
  path: string
  absolute: string
}

/** One way in which programs leave metrics in files. Sources are asked in turn, and take the files they claim. */
export interface MetricSource {
  name: string
  /** Those of the paths that this source reads, together. */
  claim(paths: readonly string[]): string[]
  /** What is wrong with a file is told as a problem; an error thrown stands for the file as a whole. */
  read(files: readonly MetricFile[], into: MetricSetBuilder): void | Promise<void>
}

/** Claims by the ending of the path, case aside. */
export function byEnding(...endings: string[]): MetricSource['claim'] {
  return (paths) => paths.filter((path) => endings.some((ending) => path.toLowerCase().endsWith(ending)))
}
