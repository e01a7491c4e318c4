/** A file that a run used or made, reduced to what the search needs. */
interface UsedFile {
  row: number
  role: 'input' | 'output' | 'present'
  name: string
  digest: string | undefined
}

/** One step from changed data: what was used, and what was made of it. */
export interface ImpactStep {
  name: string
  digest: string
}

/** A run that rests on changed data, and how: each step's file was made by the run before it. */
export interface ImpactedRun {
  row: number
  path: ImpactStep[]
}

/** The lookups that the search needs, as in ledger/index/runs/files.ts. */
export interface UseTable {
  ofDigest(digest: string): UsedFile[]
  ofRows(rows: readonly number[]): UsedFile[]
}

/**
 * Every run downstream of some contents, nearest first, each once by its shortest path. `started` decides between runs
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
