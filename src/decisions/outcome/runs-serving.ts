import { parseExpression } from '../../expression/parse.ts'
import { runVocabulary } from '../../expression/run-vocabulary.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readRun } from '../../ledger/index/find-run.ts'
import { withRunIndex } from '../../ledger/index/run-index.ts'
import { matchingRows } from '../../ledger/index/runs/query.ts'
import type { RunView } from '../../records/run.ts'

/** Runs made for a decision: `git prov run --decision <id>`. */
export async function runsServing(repository: Repository, objects: ObjectReader, slug: string): Promise<RunView[]> {
  const where = parseExpression(`decisions."${slug}" = true`, runVocabulary)
  return await withRunIndex(repository, objects, async (index) => {
    const rows = matchingRows(index, where, Date.now())
    return await Promise.all(rows.map((row) => readRun(index, objects, row)))
  })
}
