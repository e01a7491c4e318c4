import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'
import type { LocalDir } from '../ledger/local/local-dir.ts'
import { isGone, type LockHolder, withLock } from '../ledger/local/lock.ts'
import type { Run } from '../records/record.ts'

/** What this clone knows about a run not yet recorded as finished. Local: it names processes of this machine. */
export interface ActiveRun {
  runId: string
  /** Of the planned record, if it could be written. */
  plan?: { id: string; time: string }
  /** The `git prov run` that waits for the command; undefined when the run was started with --start. */
  holder?: LockHolder
  /** The command itself, once it runs. */
  child?: LockHolder
  workTree: string
  /** Paths declared as outputs. */
  outputs: string[]
  /** Files given with --metrics, from the top. */
  metrics?: string[]
  /** The full plan, when restricted parts were taken out of the record. */
  full?: Run
  /** How it ended, when that could not be recorded at the time. */
  ended?: Pick<Run, 'started' | 'ended' | 'outcome' | 'usage'>
  /** The state before a run started with --start, for --finish. */
  before?: unknown
  /** Its inputs and outputs with their real paths. */
  plain?: unknown
}

const folderOf = (local: LocalDir) => join(local.path, 'runs')

/** A file belonging to one run, for what is kept while it runs. */
export function runFile(local: LocalDir, runId: string, name: RunFileName): string {
  return `${join(folderOf(local), runId)}.${name}`
}

const names = ['json', 'others', 'events.jsonl', 'mlflow.jsonl', 'trace'] as const
type RunFileName = (typeof names)[number]

export function writeActive(local: LocalDir, run: ActiveRun): void {
  // Its plan may hold restricted values.
  replaceFile(runFile(local, run.runId, 'json'), JSON.stringify(run), 0o600)
}

export function removeActive(local: LocalDir, runId: string): void {
  for (const name of names) rmSync(runFile(local, runId, name), { force: true })
}

/** Every run not recorded as finished, by id, which is the order they started in. */
export function listActive(local: LocalDir): ActiveRun[] {
  return filesOf(local).flatMap((name) => readActive(local, name.slice(0, -'.json'.length)) ?? [])
}

function filesOf(local: LocalDir): string[] {
  try {
    return readdirSync(folderOf(local))
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch {
    return []
  }
}

function readActive(local: LocalDir, runId: string): ActiveRun | undefined {
  try {
    const run = JSON.parse(readFileSync(runFile(local, runId, 'json'), 'utf8')) as ActiveRun
    return typeof run.runId === 'string' && Array.isArray(run.outputs) ? run : undefined
  } catch {
    return undefined
  }
}

/** Runs that nothing will finish: both their `git prov run` and their command are gone. */
export function abandonedRuns(local: LocalDir): ActiveRun[] {
  return listActive(local).filter(
    ({ holder, child }) => holder !== undefined && isGone(holder) && (child === undefined || isGone(child)),
  )
}

/** ms to wait for another process that is working on the same run. */
const patience = 500

/** Runs `work` unless another process is doing it for the same run. */
export async function withRun(local: LocalDir, { runId }: ActiveRun, work: () => Promise<void>): Promise<void> {
  const lock = `${runFile(local, runId, 'json')}.lock`
  const isThere = () => readActive(local, runId) !== undefined
  await withLock({ ...local, lock }, Date.now() + patience, isThere, async () => {
    if (isThere()) await work()
  })
}

/** Tells every other active run in the same work tree that this one ended: changes they see may be its own. */
export function reportOthers(local: LocalDir, ended: ActiveRun): void {
  for (const other of listActive(local)) {
    if (other.runId === ended.runId || other.workTree !== ended.workTree) continue
    try {
      appendFileSync(runFile(local, other.runId, 'others'), `${JSON.stringify(ended.outputs)}\n`)
    } catch {
      // the other run will not know about this one
    }
  }
}

/** The declared outputs of each run that overlapped with this one in the same work tree. */
export function outputsOfOthers(local: LocalDir, run: ActiveRun): string[][] {
  const now = listActive(local).filter(({ runId, workTree }) => runId !== run.runId && workTree === run.workTree)
  return [...endedOutputs(runFile(local, run.runId, 'others')), ...now.map(({ outputs }) => outputs)]
}

function endedOutputs(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[])
  } catch {
    return []
  }
}
