import type { Run } from '../../src/records/record.ts'
import type { TestRepository } from './repository.ts'

/** The run records on the branch, oldest first. */
export function runRecords(test: TestRepository): { id: string; record: Run }[] {
  return test
    .branch('records/run')
    .map((path) => ({
      id: path.slice(path.lastIndexOf('/') + 1, -'.json'.length),
      record: JSON.parse(test.git('show', `prov:${path}`)) as Run,
    }))
    .sort((a, b) => (a.record.time < b.record.time ? -1 : 1))
}

export function finishedRuns(test: TestRepository): Run[] {
  return runRecords(test).flatMap(({ record }) => (record.phase === 'finished' ? [record] : []))
}
