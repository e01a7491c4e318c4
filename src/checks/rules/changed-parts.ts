import type { CheckedChange } from '../../decisions/model/problem.ts'
import { latestCapture } from '../../records/note-lines/capture-note.ts'

/** Datasets changed by the captures of a change, with their final digest and the last commit that changed them. */
export function changedDatasets({ commits }: CheckedChange): Map<string, { digest?: string; commit: string }> {
  const changed = new Map<string, { digest?: string; commit: string }>()
  // The newest commit comes first.
  for (const { oid, lines } of commits.toReversed()) {
    const capture = latestCapture(lines)
    for (const name of Object.keys(capture?.changed?.datasets ?? {})) {
      const digest = capture?.datasets?.[name]?.digest
      changed.set(name, { commit: oid, ...(digest && { digest }) })
    }
  }
  return changed
}

/** The last commit of a change whose capture has a changed environment. */
export function changedEnvironment({ commits }: CheckedChange): string | undefined {
  return commits.find(({ lines }) => latestCapture(lines)?.changed?.environment !== undefined)?.oid
}

/** Whether any commit of a change has a record of a kind. */
export function hasRecord({ commits }: CheckedChange, kind: string): boolean {
  return commits.some(({ lines }) => lines.some((line) => line.kind === kind))
}

/** Whether any commit message of a change has a trailer such as Reviewed-by (git-interpret-trailers(1)). */
export function hasTrailer({ commits }: CheckedChange, name: RegExp): boolean {
  return commits.some(({ message }) => message.split('\n').some((line) => name.test(line)))
}
