import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readKind } from '../../ledger/index/kind-index.ts'
import type { Brief as BriefRecord, StoredRecord } from '../../records/record.ts'

/** The parts of a brief that are indexed. */
export interface Brief {
  id: string
  time: string
  /** Every commit it is about. */
  commits: string[]
  outcome: string
  impact?: string
  tradeOffs?: string
}

export async function readBriefs(repository: Repository, objects: ObjectReader): Promise<Brief[]> {
  return await readKind(repository, objects, {
    kind: 'brief',
    version: 1,
    project: ({ id, record }: StoredRecord<BriefRecord>): Brief => {
      const { time, about, commits = [], outcome, impact, tradeOffs } = record
      const all = [...new Set([about.commit, ...commits])]
      return { id, time, commits: all, outcome, ...(impact && { impact }), ...(tradeOffs && { tradeOffs }) }
    },
  })
}
