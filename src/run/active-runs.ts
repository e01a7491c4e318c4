import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'
import type { LocalDir } from '../ledger/local/local-dir.ts'
import { isGone, type LockHolder, withLock } from '../ledger/local/lock.ts'
import type { Run } from '../records/record.ts'

/** What this clone knows of a run that has not been recorded as finished. Local: it names processes of this machine. */
export interface ActiveRun {
  runId: string
  /** The planned record's, when it could be written. */
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
  /** Its plan as it is, when what only some may read was taken out of the record. */
  full?: Run
  /** How it ended, when that could not be recorded then. */
  ended?: Pick<Run, 'started' | 'ended' | 'outcome' | 'usage'>
  /** How things lay before a run started with --start, for whoever finishes it. */
  before?: unknown
  /** Its inputs and outputs with their paths as they are. */
  plain?: unknown
}

const folderOf = (local: LocalDir) => join(local.path, 'runs')

/** A file of a run's own, for what is left behind while it is at work. */
export function runFile(local: LocalDir, runId: string, name: RunFileName): string {
  return `${join(folderOf(local), runId)}.${name}`
}

const names = ['json', 'others', 'events.jsonl', 'mlflow.jsonl', 'trace'] as const
type RunFileName = (typeof names)[number]

export function writeActive(local: LocalDir, run: ActiveRun): void {
  // Its plan may hold what only some may read.
  replaceFile(runFile(local, run.runId, 'json'), JSON.stringify(run), 0o600)
}

export function removeActive(local: LocalDir, runId: string): void {
  for (const name of names) rmSync(runFile(local, runId, name), { force: true })
}

/** Every run that is not recorded as finished, in the order of their ids, which is the order they started in. */
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

/** Runs that nobody will finish: their `git prov run` is gone, and so is their command. */
export function abandonedRuns(local: LocalDir): ActiveRun[] {
  return listActive(local).filter(
    ({ holder, child }) => holder !== undefined && isGone(holder) && (child === undefined || isGone(child)),
  )
}

/** ms to wait for another process that is at the same run. */
const patience = 500

/** Runs `work` unless another process is doing it for the same run. */
export async function withRun(local: LocalDir, { runId }: ActiveRun, work: () => Promise<void>): Promise<void> {
  const lock = `${runFile(local, runId, 'json')}.lock`
  const isThere = () => readActive(local, runId) !== undefined
  await withLock({ ...local, lock }, Date.now() + patience, isThere, async () => {
    if (isThere()) await work()
  })
}

/** Leaves word of a run that ends with every other one at work in the same work tree: what lay changed may be its. */
export function reportOthers(local: LocalDir, ended: ActiveRun): void {
  for (const other of listActive(local)) {
    if (other.runId === ended.runId || other.workTree !== ended.workTree) continue
    try {
      appendFileSync(runFile(local, other.runId, 'others'), `${JSON.stringify(ended.outputs)}\n`)
    } catch {
      // it will not know of us
    }
  }
}

/** The declared outputs of each run that was at work in the same work tree at some time while this one was. */
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
