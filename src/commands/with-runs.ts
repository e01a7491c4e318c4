import type { Context } from '../context.ts'
import type { RunIndex } from '../core/run-index.ts'
import { ObjectReader } from '../git/objects.ts'
import { withRunIndex } from '../ledger/run-index.ts'
import { countLine } from '../render/progress.ts'
import { catchUpRuns } from './catch-up-runs.ts'

interface Runs {
  objects: ObjectReader
  index: RunIndex
  /** Records left out, not as the schema says. */
  refused: number
}

/** What a command that lists runs stands in: the index of all runs, up to date, with progress while it is built. */
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
