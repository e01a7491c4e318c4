import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readRun } from '../../ledger/index/find-run.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { readEnvironment } from '../../ledger/read/environments.ts'
import type { Environment } from '../../records/environment.ts'
import type { RunView } from '../../records/run.ts'
import { buildRunTable } from '../runs/table.ts'
import { compareEnvironments } from './environments.ts'
import type { CompareView } from './text.ts'

/** Runs of an index side by side; the others are compared with the first. */
export async function compareRuns(
  repository: Repository,
  objects: ObjectReader,
  index: RunIndex,
  rows: readonly number[],
  unicode: boolean,
): Promise<CompareView> {
  const views: RunView[] = []
  for (const row of rows) views.push(await readRun(index, objects, row))
  const table = buildRunTable(index, rows, { also: [{ root: 'started' }, { root: 'commit' }, { root: 'snapshot' }] })
  return {
    table,
    shortIds: index.members.shorten(table.ids),
    baseline: 0,
    environment: compareEnvironments(await environmentsOf(repository, objects, views)),
    curves: curvesOf(views),
    unicode,
  }
}

async function environmentsOf(
  repository: Repository,
  objects: ObjectReader,
  views: readonly RunView[],
): Promise<(Environment | undefined)[]> {
  const { branchRef } = readSettings(repository)
  const read = new Map<string, Promise<Environment | undefined>>()
  const all = views.map(({ record: { environment } }) => {
    if (!('digest' in environment)) return undefined
    const known = read.get(environment.digest) ?? readEnvironment(objects, branchRef, environment.digest)
    read.set(environment.digest, known)
    return known
  })
  return await Promise.all(all)
}

function curvesOf(views: readonly RunView[]): CompareView['curves'] {
  const names = new Set(views.flatMap(({ record }) => Object.keys(record.metrics ?? {})))
  return new Map([...names].map((name) => [name, views.map(({ record }) => record.metrics?.[name]?.curve)]))
}
