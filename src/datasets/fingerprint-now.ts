import { fingerprintDatasets } from '../collect/datasets.ts'
import type { DatasetDeclaration } from '../config/config.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { progressLine } from '../terminal/progress.ts'

/** Fingerprints datasets as they are now, without a time limit, showing progress. */
export async function fingerprintNow(context: Context, datasets: readonly DatasetDeclaration[]) {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  const progress = progressLine(context.stderr)
  try {
    const head = await objects.read('HEAD')
    return await fingerprintDatasets({
      repository,
      objects,
      commit: { oid: head?.oid ?? '0'.repeat(40) },
      datasets,
      cacheDir: localDir(repository).cache,
      late: false,
      deadline: Number.POSITIVE_INFINITY,
      onProgress: (what, step) => progress.show({ what, ...step }),
    })
  } finally {
    progress.clear()
    objects.close()
  }
}
