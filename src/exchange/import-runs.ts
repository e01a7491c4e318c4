import { relative, resolve, sep } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { staysInside } from '../base/inside-path.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import type { Restriction } from '../privacy/restrict/restriction.ts'
import { appendEntries } from '../recording/append-entries.ts'
import { fitted } from '../recording/fitted.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { validate } from '../records/validate.ts'
import { countLine } from '../terminal/progress.ts'
import { toClean } from './cleaner.ts'
import type { ImportRequest } from './import-request.ts'
import { buildImportedRun, type Clean, type ImportedRun } from './imported-run.ts'
import { reportImport } from './report.ts'

/** What a source needs to find its runs. */
export interface Gathering {
  repository: Repository
  objects: ObjectReader
  /** The path as typed, and the folder it was typed in. */
  path: string | undefined
  cwd: string
  /** Refs whose history is not the project's own. */
  except: readonly string[]
  /** Reports something left out, and why. */
  skip(where: string, reason: string): void
  /** Reports how many items have been read. */
  progress(done: number): void
}

/**
 * The typed path as a pathspec from the top of the work tree; undefined when none was given. Throws `usage` when it is
 * outside.
 */
export function pathspecOf({ path, cwd, repository }: Gathering): string | undefined {
  if (path === undefined) return undefined
  const inside = relative(repository.workTree ?? cwd, resolve(cwd, path))
    .split(sep)
    .join('/')
  if (inside === '') return undefined
  if (staysInside(inside)) return `:(literal)${inside}`
  throw new ProvError('usage', `'${path}' is outside the work tree`, {
    hint: 'name a file or folder of this repository',
  })
}

/** Appends the runs of a source that are not on the ledger yet. Returns the exit status. */
export async function importRuns(
  request: ImportRequest,
  from: ImportedRun['from'],
  gather: (gathering: Gathering) => AsyncIterable<ImportedRun>,
): Promise<number> {
  const { context, path } = request
  const repository = context.repository()
  requireBranch(repository)
  const objects = new ObjectReader(repository)
  const { redactor, restriction } = await privacyOf(context)
  const line = countLine(context.stderr, `reading ${from}`)
  const sink = new RunSink(
    context,
    objects,
    request.dryRun,
    await importedRuns(repository, from),
    toClean(redactor),
    restriction,
  )
  try {
    const gathering: Gathering = {
      repository,
      objects,
      path,
      cwd: context.cwd,
      except: foreignRefs(repository),
      skip: (where, reason) => void sink.skipped.push({ where, reason }),
      progress: line.show,
    }
    for await (const run of gather(gathering)) await sink.add(run)
    await sink.flush()
  } finally {
    line.clear()
    objects.close()
  }
  reportImport(request, { from, ...sink })
  return 0
}

/** Our own history, and refs that git and DVC keep for themselves. */
function foreignRefs(repository: Repository): string[] {
  const { branchRef, notesRef } = readSettings(repository)
  const ours = [branchRef, `refs/remotes/*/${branchRef.slice('refs/heads/'.length)}`, notesRef, 'refs/prov/*']
  const theirs = ['refs/notes/*', 'refs/stash', 'refs/exps/exec/*', 'refs/exps/stash', 'refs/exps/celery/*']
  return [...ours, ...theirs, 'refs/heads/git-annex', 'refs/remotes/*/git-annex', 'refs/heads/synced/*']
}

/** The runIds that earlier imports from a tool created. */
async function importedRuns(repository: Repository, from: string): Promise<Set<string>> {
  const known = new Set<string>()
  for await (const outcome of readRecords(repository, ['run'])) {
    if (!('stored' in outcome) || outcome.stored.record.kind !== 'run') continue
    const { imported, runId } = outcome.stored.record
    if (imported?.from === from) known.add(runId)
  }
  return known
}

// Makes a spool file of a few megabytes, and little to redo after an interruption.
const batchSize = 500

/** Collects runs as they are found and appends the new ones in batches. */
class RunSink {
  readonly imported: StoredRecord<Run>[] = []
  readonly skipped: { where: string; reason: string }[] = []
  /** How many were imported already. */
  known = 0
  readonly #context: Context
  readonly #objects: ObjectReader
  readonly #dryRun: boolean
  readonly #importedBefore: Set<string>
  readonly #clean: Clean
  readonly #restriction: Restriction | undefined
  readonly #handled = new Set<string>()
  #batch: Entry[] = []

  constructor(
    context: Context,
    objects: ObjectReader,
    dryRun: boolean,
    importedBefore: Set<string>,
    clean: Clean,
    restriction: Restriction | undefined,
  ) {
    this.#context = context
    this.#objects = objects
    this.#dryRun = dryRun
    this.#importedBefore = importedBefore
    this.#clean = clean
    this.#restriction = restriction
  }

  async add(run: ImportedRun): Promise<void> {
    const imported = buildImportedRun(run, this.#clean)
    const built = { ...imported, record: await fitted(imported.record) }
    const { record } = built.record
    const { runId } = record
    // One run may be found in several places: in a commit and in the work tree.
    if (this.#handled.has(runId)) return
    this.#handled.add(runId)
    if (this.#importedBefore.has(runId)) {
      this.known += 1
      return
    }
    const [problem] = await validate('run', 1, record)
    if (problem) {
      this.skipped.push({ where: run.source, reason: `${problem.pointer || 'the run'} ${problem.message}` })
      return
    }
    const entry = await restrictEntry(this.#restriction, built)
    this.imported.push(entry.record as StoredRecord<Run>)
    this.#batch.push(entry)
    if (this.#batch.length >= batchSize) await this.flush()
  }

  async flush(): Promise<void> {
    const batch = this.#batch.splice(0)
    if (batch.length === 0 || this.#dryRun) return
    const ident = committerIdent(this.#context.repository())
    await appendEntries(this.#context, batch, { ident, objects: this.#objects, deadline: Date.now() + 60_000 })
  }
}
