import { parseExpression } from '../../core/expression/parse.ts'
import type { RunView } from '../../core/run.ts'
import { runVocabulary } from '../../core/run-fields.ts'
import { matchingRows } from '../../core/run-query.ts'
import type { ObjectReader } from '../../git/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readRun } from '../../ledger/find-run.ts'
import { withRunIndex } from '../../ledger/run-index.ts'

/** The runs that said they serve a decision: `git prov run --decision <id>`. */
export async function runsServing(repository: Repository, objects: ObjectReader, slug: string): Promise<RunView[]> {
  const where = parseExpression(`decisions."${slug}" = true`, runVocabulary)
  return await withRunIndex(repository, objects, async (index) => {
    const rows = matchingRows(index, where, Date.now())
    return await Promise.all(rows.map((row) => readRun(index, objects, row)))
  })
}
