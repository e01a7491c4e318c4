import { short } from '../base/digest.ts'
import { type RunView, usedInputs } from '../records/run.ts'
import type { Lineage } from './pull-request.ts'

/** Most runs in one diagram; more would be unreadable. */
const most = 12

/** What the runs of a change used and made, and which decisions they serve. */
export function lineageOf(runs: readonly RunView[]): Lineage {
  const nodes = new Map<string, Lineage['nodes'][number]>()
  const edges = new Map<string, Lineage['edges'][number]>()
  const node = (key: string, label: string, shape: Lineage['nodes'][number]['shape']) => {
    const known = nodes.get(key) ?? { id: `n${nodes.size}`, label, shape }
    nodes.set(key, known)
    return known.id
  }
  const edge = (from: string, to: string) => edges.set(`${from} ${to}`, { from, to })
  for (const { id, record } of runs.slice(-most)) {
    const run = node(`run ${id}`, [record.stage ?? 'run', short(id)].join(' '), 'run')
    for (const { path, dataset, digest } of record.inputs
      .filter(usedInputs(record))
      .filter(({ digest: known }) => known)
      .slice(0, 8))
      edge(node(`file ${digest}`, `${dataset ?? path} ${short(digest ?? '')}`, dataset ? 'data' : 'file'), run)
    for (const { path, digest } of (record.outputs ?? []).filter(({ digest: known }) => known).slice(0, 8))
      edge(run, node(`file ${digest}`, `${path} ${short(digest ?? '')}`, 'file'))
    for (const slug of record.decisions ?? []) edge(node(`decision ${slug}`, slug, 'decision'), run)
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}
