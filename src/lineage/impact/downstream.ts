/** A file a run used or made, as far as it matters what is downstream of what. */
interface UsedFile {
  row: number
  role: 'input' | 'output' | 'present'
  name: string
  digest: string | undefined
}

/** One step on the way from changed data: what was used, and what was made of it. */
export interface ImpactStep {
  name: string
  digest: string
}

/** A run that rests on changed data, with the way it does: each step is a file the run before it made. */
export interface ImpactedRun {
  row: number
  path: ImpactStep[]
}

/** What `ImpactedRun`s are looked up in: ledger/run-index.ts. */
export interface UseTable {
  ofDigest(digest: string): UsedFile[]
  ofRows(rows: readonly number[]): UsedFile[]
}

/**
 * Every run downstream of some contents, the nearest first, each once by its shortest way. `started` tells runs apart
 * that made and used the same content: only a later run can have used what an earlier one made.
 */
export function findImpacted(
  table: UseTable,
  sources: readonly ImpactStep[],
  started: (row: number) => number,
): ImpactedRun[] {
  const found = new Map<number, ImpactedRun>()
  const seen = new Set(sources.map(({ digest }) => digest))
  let wave = sources.map((step) => ({ path: [step], after: Number.NEGATIVE_INFINITY }))
  while (wave.length > 0) {
    const next: typeof wave = []
    for (const { path, after } of wave) {
      const last = path.at(-1) as ImpactStep
      const users = table.ofDigest(last.digest).filter(({ row, role }) => role === 'input' && started(row) >= after)
      for (const { row } of users) {
        if (found.has(row)) continue
        found.set(row, { row, path })
        for (const { role, name, digest } of table.ofRows([row])) {
          if (role !== 'output' || !digest || seen.has(digest)) continue
          seen.add(digest)
          next.push({ path: [...path, { name, digest }], after: started(row) })
        }
      }
    }
    wave = next
  }
  return [...found.values()].sort((a, b) => a.path.length - b.path.length || started(a.row) - started(b.row))
}
