import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { withRunIndex } from '../ledger/index/run-index.ts'
import type { RunIndex } from '../ledger/index/runs/index.ts'
import { countLine } from '../terminal/progress.ts'
import { catchUpRuns } from './catch-up-runs.ts'

interface Runs {
  objects: ObjectReader
  index: RunIndex
  /** Records left out because they do not match their schema. */
  refused: number
}

/** Runs `use` with the up-to-date index of all runs, showing progress while it is built. */
export async function withRuns(context: Context, use: (runs: Runs) => Promise<void>): Promise<void> {
  const objects = new ObjectReader(context.repository())
  const progress = countLine(context.stderr, 'reading records')
  try {
    await catchUpRuns(context, objects)
    await withRunIndex(
      context.repository(),
      objects,
      async (index, refused) => {
        progress.clear()
        await use({ objects, index, refused })
      },
      { progress: progress.show },
    )
  } finally {
    progress.clear()
    objects.close()
  }
}
