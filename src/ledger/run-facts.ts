import { textAt } from '../core/run-index.ts'
import type { ObjectReader } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { withRunIndex } from './run-index.ts'

/** What decides whether something may still rest on a run. */
export interface RunFacts {
  /** Of its last replay. */
  verdict?: string
  /** Digest of its environment. */
  environment?: string
  /** What it used, by the name of the dataset or the path. */
  inputs: { name: string; digest: string }[]
}

/** The facts of runs by the id of any of their records. */
export async function readRunFacts(
  repository: Repository,
  objects: ObjectReader,
  ids: readonly string[],
): Promise<Map<string, RunFacts>> {
  if (ids.length === 0) return new Map()
  return await withRunIndex(repository, objects, (index) => {
    const rows = new Map(ids.flatMap((id) => index.members.rowsLike(id).map((row) => [id, row] as const)))
    const files = index.files.ofRows([...new Set(rows.values())])
    return new Map(
      [...rows].map(([id, row]) => {
        const verdict = textAt(index, { root: 'verdict' }, row)
        const environment = textAt(index, { root: 'env' }, row)
        const inputs = files.flatMap((file) =>
          file.row === row && file.role === 'input' && file.digest ? [{ name: file.name, digest: file.digest }] : [],
        )
        return [id, { inputs, ...(verdict && { verdict }), ...(environment && { environment }) }] as const
      }),
    )
  })
}
