import { digestOf, short } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readArchiveIndex } from '../../records/branch/archive-file.ts'
import { parseRecord, type StoredRecord } from '../../records/record.ts'
import { foldRuns, type RunView } from '../../records/run.ts'
import { committerIdent } from '../append/committer.ts'
import { foldSpool } from '../append/fold.ts'
import { listSpool } from '../append/spool.ts'
import { localDir } from '../local/local-dir.ts'
import { withRunIndex } from './run-index.ts'
import { type RunIndex, textAt } from './runs/index.ts'
import { runIdPath } from './runs/state.ts'

/**
 * The run a word refers to: by four or more digits of one of its record ids, by runId, or by name. Undefined when there is
 * none; throws `ambiguous`, listing them, when there are several.
 */
export async function findRun(
  repository: Repository,
  objects: ObjectReader,
  word: string,
): Promise<RunView | undefined> {
  const found = await lookFor(repository, objects, word)
  if (found || listSpool(localDir(repository)).length === 0) return found
  // The plan of a run in progress may still be in the spool, and the run's own command may look it up.
  await foldSpool(repository, { ident: committerIdent(repository), objects, deadline: Date.now() + 5000 })
  return await lookFor(repository, objects, word)
}

async function lookFor(repository: Repository, objects: ObjectReader, word: string): Promise<RunView | undefined> {
  return await withRunIndex(repository, objects, async (index) => {
    const row = rowOf(index, word)
    return row === undefined ? undefined : await readRun(index, objects, row)
  })
}

/** findRun for a run that must exist. Throws `unknown-revision`. */
export async function needRun(repository: Repository, objects: ObjectReader, word: string): Promise<RunView> {
  const run = await findRun(repository, objects, word)
  if (run) return run
  throw new ProvError('unknown-revision', `there is no run '${word}' here`, { hint: 'git prov runs' })
}

/** The row of the run a word refers to. Throws `ambiguous`. */
export function rowOf(index: RunIndex, word: string): number | undefined {
  const rows = new Set(isPrefix.test(word) ? index.members.rowsLike(word.toLowerCase()) : [])
  for (const path of [runIdPath, { root: 'name' }]) {
    for (const [row, value] of index.column(path)?.entries() ?? []) if (value === word) rows.add(row)
  }
  if (rows.size > 1) throw ambiguous(index, word, [...rows])
  return [...rows][0]
}

const isPrefix = /^[0-9a-f]{4,64}$/i
const most = 10

function ambiguous(index: RunIndex, word: string, rows: readonly number[]): ProvError {
  const started = (row: number) => Number(index.column({ root: 'started' })?.at(row) ?? 0)
  const newest = [...rows].sort((a, b) => started(b) - started(a)).slice(0, most)
  const ids = index.members.shorten(newest.map((row) => idOf(index, row)))
  const lines = newest.map((row) => {
    const words = ['stage', 'name', 'status'].map((root) => textAt(index, { root }, row) ?? '').filter(Boolean)
    return `  ${ids.get(idOf(index, row))}  ${new Date(started(row)).toISOString().slice(0, 16)}  ${escapeLine(words.join('  '))}`
  })
  const rest = rows.length > most ? [`  and ${rows.length - most} more`] : []
  return new ProvError('ambiguous', `'${word}' names ${rows.length} runs`, {
    hint: ['type one of these:', ...lines, ...rest].join('\n'),
  })
}

const idOf = (index: RunIndex, row: number) => textAt(index, { root: 'id' }, row) ?? ''

/** A run with all its records, each verified against its id. Throws `record`. */
export async function readRun(index: RunIndex, objects: ObjectReader, row: number): Promise<RunView> {
  const members = index.members.ofRow(row)
  const bodies = await objects.readAll(members.map(({ oid }) => oid))
  const records: StoredRecord[] = []
  for (const [at, { id }] of members.entries()) {
    const body = bytesOf(bodies[at]?.body, id)
    if (!body) throw new ProvError('record', `record ${short(id)} is not here`, { hint: 'git prov verify' })
    // The index validated it when it was added, and the id proves the bytes are the same.
    records.push(parseRecord(body, id))
  }
  return foldRuns(records)[0] as RunView
}

/** A record's bytes: its blob, or the part of the archive that holds it. */
function bytesOf(blob: Buffer | undefined, id: string): Buffer | undefined {
  if (!blob || digestOf(blob) === id) return blob
  const { files } = readArchiveIndex(blob, digestOf(blob))
  const [, place] = [...files].find(([path]) => path.endsWith(`/${id}.json`)) ?? []
  return place && blob.subarray(place.start, place.end)
}
