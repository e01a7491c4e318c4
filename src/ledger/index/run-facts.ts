import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { withRunIndex } from './run-index.ts'
import { type RunIndex, textAt } from './runs/index.ts'

/** What decides whether a run can still be relied on. */
export interface RunFacts {
  /** The verdict of its last replay. */
  verdict?: string
  /** Digest of its environment file. */
  environment?: string
  /** Its inputs by dataset name or path, and transitively the inputs of the runs that made them. */
  inputs: { name: string; digest: string; direct: boolean }[]
}

/** Facts about runs, looked up by the id of any of their records. */
export async function readRunFacts(
  repository: Repository,
  objects: ObjectReader,
  ids: readonly string[],
): Promise<Map<string, RunFacts>> {
  if (ids.length === 0) return new Map()
  return await withRunIndex(repository, objects, (index) => {
    const rows = new Map(ids.flatMap((id) => index.members.rowsLike(id).map((row) => [id, row] as const)))
    return new Map(
      [...rows].map(([id, row]) => {
        const verdict = textAt(index, { root: 'verdict' }, row)
        const environment = textAt(index, { root: 'env' }, row)
        const inputs = upstream(index, row)
        return [id, { inputs, ...(verdict && { verdict }), ...(environment && { environment }) }] as const
      }),
    )
  })
}

/** Every direct and indirect input of a run. When several runs made the same content, all of them are followed. */
function upstream({ files }: RunIndex, row: number): RunFacts['inputs'] {
  const found = new Map<string, RunFacts['inputs'][number]>()
  const seen = new Set([row])
  let wave = [row]
  for (let direct = true; wave.length > 0; direct = false) {
    const next: number[] = []
    for (const { role, name, digest } of wave.flatMap((one) => files.ofRow(one))) {
      if (role !== 'input' || !digest || found.has(`${name} ${digest}`)) continue
      found.set(`${name} ${digest}`, { name, digest, direct })
      for (const maker of files.ofDigest(digest))
        if (maker.role === 'output' && !seen.has(maker.row)) next.push(maker.row)
    }
    for (const one of next) seen.add(one)
    wave = [...new Set(next)]
  }
  return [...found.values()]
}
