import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { Lineage, type Traced, type TraceStart, type WalkOptions } from './walk.ts'

type Direction = WalkOptions['direction']

/** Walks both ways separately, since a run may be both upstream and downstream. */
export function trace(index: RunIndex, start: TraceStart, directions: readonly Direction[], depth: number): Traced {
  const go = (direction: Direction) => {
    const lineage = new Lineage(index)
    if (start.row !== undefined) return lineage.ofRun(start.row, { direction, depth })
    return lineage.ofContent(start.file as NonNullable<TraceStart['file']>, { direction, depth })
  }
  return {
    start,
    ...(directions.includes('up') && { up: go('up') }),
    ...(directions.includes('down') && { down: go('down') }),
  }
}
