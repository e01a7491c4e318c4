import type { Finding } from '../../base/finding.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import type { Newer } from '../../records/newer.ts'
import { type BranchEntry, listBranch } from '../read/read.ts'
import { type Checked, checkFile, checkLinks, checkPlace, checkRestricted, nothingSeen } from './check-file.ts'

const batchSize = 512

/** Proves each file against its name, its schema and its place, and that what records name is there. Adds to `findings`. */
export async function checkBranch(
  repository: Repository,
  findings: Finding[],
  progress: (done: number) => void,
): Promise<{ counts: Checked; newer: Newer }> {
  const counts: Checked = { records: 0, environments: 0, manifests: 0 }
  const seen = nothingSeen()
  const objects = new ObjectReader(repository)
  let done = 0
  const check = async (batch: readonly BranchEntry[]) => {
    const bodies = await objects.readAll(batch.map(({ oid }) => oid))
    for (const [index, entry] of batch.entries()) await checkFile(entry, bodies[index]?.body, seen, counts, findings)
    done += batch.length
    progress(done)
  }
  try {
    let batch: BranchEntry[] = []
    for await (const entry of listBranch(repository)) {
      if (!checkPlace(entry, seen, findings)) continue
      batch.push(entry)
      if (batch.length < batchSize) continue
      await check(batch)
      batch = []
    }
    await check(batch)
  } finally {
    progress(-1)
    objects.close()
  }
  findings.push(...checkLinks(seen), ...checkRestricted(seen))
  return { counts, newer: seen.newer }
}
