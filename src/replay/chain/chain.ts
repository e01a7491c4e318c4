import { ProvError } from '../../base/errors.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { needRun } from '../../ledger/index/find-run.ts'
import { readRecords } from '../../ledger/read/read.ts'
import type { StoredRecord } from '../../records/record.ts'
import { foldRuns, type RunView } from '../../records/run.ts'
import { findPath } from './run-chain.ts'

/** The runs that connect two runs through the files they share, in replay order. Throws `unknown-revision`. */
export async function findChain(
  repository: Repository,
  objects: ObjectReader,
  since: string,
  until: string,
): Promise<RunView[]> {
  const [first, last] = [await needRun(repository, objects, since), await needRun(repository, objects, until)]
  const records: StoredRecord[] = []
  for await (const outcome of readRecords(repository, ['run'])) if ('stored' in outcome) records.push(outcome.stored)
  const chain = findPath(foldRuns(records), first.id, last.id)
  if (chain.length > 0) return chain
  throw new ProvError('unknown-revision', `run ${last.id.slice(0, 6)} does not depend on run ${first.id.slice(0, 6)}`, {
    hint: `git prov trace ${last.id.slice(0, 6)}`,
  })
}
