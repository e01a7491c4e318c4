import { locateRepository, type Repository } from '../../src/git/repository.ts'
import { append } from '../../src/ledger/append/fold.ts'
import type { ProvRecord, StoredRecord } from '../../src/records/record.ts'
import type { TestRepository } from './repository.ts'

export const repositoryOf = (test: TestRepository): Repository => locateRepository(test.path, test.env)

/** Puts records, and environments by their digest, on the branch as the product does. */
export async function appendRecords(
  test: TestRepository,
  ...records: (StoredRecord<ProvRecord> | Record<string, string>)[]
): Promise<void> {
  const environments = Object.assign({}, ...records.filter((one) => !isStored(one)))
  await append(
    repositoryOf(test),
    records.filter(isStored).map((record) => ({ record, environments })),
    { ident: 'Mei Chen <mei@example.org> 1795000000 +0000', deadline: Date.now() + 60_000 },
  )
}

const isStored = (one: object): one is StoredRecord => 'record' in one && 'text' in one
