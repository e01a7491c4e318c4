import { ProvError } from '../../base/errors.ts'
import type { Baseline } from '../../generated/types.ts'
import type { Repository } from '../../git/repository.ts'
import { StartedGit } from '../../git/run.ts'
import { findRun } from '../../ledger/index/find-run.ts'
import { findNote } from '../../ledger/notes/notes.ts'
import { readBranchFile } from '../../ledger/read/archives.ts'
import { recordPath } from '../../records/layout.ts'
import { parseNote } from '../../records/note.ts'
import { parseRecord, type Run } from '../../records/record.ts'
import type { RunNote } from '../../records/run/note.ts'
import type { Session } from '../session.ts'

/** The parts of a session needed to find a run. */
type Place = Pick<Session, 'objects' | 'settings'> & { repository: Repository }

/** How many commits back from a revision to look for a run. */
const farthest = 1000

/**
 * The run to compare with: the one with that id, or the latest of the same stage that ended ok at the revision or the
 * nearest commit before it. A revision without such a run is recorded by its commit alone, as for the first run. Throws
 * `unknown-revision` or `ambiguous`. The files of this folder gather what the plan says.
 */
export async function findBaseline(session: Place, reference: string, stage: string | undefined): Promise<Baseline> {
  const commits = await revList(session, reference)
  const byId = commits.length === 0 ? await runOfId(session, reference) : undefined
  if (byId) return { reference, ...byId }
  const [commit] = commits
  if (commit === undefined)
    throw new ProvError('unknown-revision', `--baseline '${reference}' is neither a run nor a revision`, {
      hint: 'git prov log shows both',
    })
  const line = await latestRun(session, commits, stage)
  if (!line) return { reference, commit }
  const found = await readRun(session, line.time, line.id)
  return { reference, ...(found && { run: line.plan ?? line.id, ...factsOf(found) }) }
}

/** A revision and its ancestors, newest first; empty when it is not a revision. */
async function revList({ repository }: Place, revision: string): Promise<string[]> {
  const args = ['rev-list', '--topo-order', `--max-count=${farthest}`, '--end-of-options', revision, '--']
  const { status, stdout } = await new StartedGit(repository, args).finish('')
  return status === 0 ? stdout.toString('latin1').split('\n').filter(Boolean) : []
}

async function latestRun(
  { objects, settings }: Place,
  commits: readonly string[],
  stage: string | undefined,
): Promise<RunNote | undefined> {
  for (const commit of commits) {
    const { text } = await findNote(objects, settings.notesRef, commit)
    const latest = parseNote(text)
      .lines.filter((line): line is RunNote => line.kind === 'run' && line.status === 'ok' && line.stage === stage)
      .sort((a, b) => (a.time < b.time ? -1 : 1))
      .at(-1)
    if (latest) return latest
  }
  return undefined
}

async function runOfId({ repository, objects }: Place, word: string): Promise<Omit<Baseline, 'reference'> | undefined> {
  const run = await findRun(repository, objects, word)
  return run && { run: run.id, ...(run.finished && factsOf(run.finished.record)) }
}

async function readRun({ repository, objects, settings }: Place, time: string, id: string): Promise<Run | undefined> {
  const bytes = await readBranchFile(repository, objects, settings.branchRef, recordPath('run', time, id))
  const record = bytes && parseRecord(bytes, id).record
  return record?.kind === 'run' ? record : undefined
}

function factsOf({ about, metrics }: Run): Omit<Baseline, 'reference'> {
  const values = Object.entries(metrics ?? {}).map(([name, { value }]) => [name, value] as const)
  return { ...(about && { commit: about.commit }), ...(values.length > 0 && { metrics: Object.fromEntries(values) }) }
}
