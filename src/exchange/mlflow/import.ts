import { existsSync, realpathSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import type { ChangedCommit } from '../../git/history/changed-files.ts'
import { parseCommit } from '../../git/objects/objects.ts'
import { committerIdent } from '../../ledger/append/committer.ts'
import type { ImportRequest } from '../import-request.ts'
import { type Gathering, importRuns } from '../import-runs.ts'
import type { ImportedRun } from '../imported-run.ts'
import { mlflowDatabase } from './database.ts'
import { findStores, readRunFolder } from './disk.ts'
import { type MlflowRun, toImportedRun } from './format.ts'
import { mlflowHistory } from './history.ts'

/** `git prov import mlflow`: runs in committed folders, folders in the work tree, and SQLite files. */
export async function importMlflow(request: ImportRequest): Promise<number> {
  return await importRuns(request, 'mlflow', gatherMlflow)
}

interface Found {
  run: MlflowRun
  source: string
  /** The commit that added it, if it is committed. */
  first?: ChangedCommit
}

async function* gatherMlflow(gathering: Gathering): AsyncGenerator<ImportedRun> {
  for await (const found of gathering.path === undefined ? everywhere(gathering) : onDisk(gathering, gathering.path)) {
    if (found.run.deleted) gathering.skip(found.source, 'deleted in MLflow')
    else yield await toRun(gathering, found)
  }
}

/** Files on disk win where the history has a run that was still running. */
async function* everywhere(gathering: Gathering): AsyncGenerator<Found> {
  const committed: Found[] = []
  for await (const found of mlflowHistory(gathering)) committed.push(found)
  const done = new Set(committed.filter(({ run }) => run.status !== 'RUNNING').map(({ run }) => run.id))
  const newer = new Set<string>()
  const { workTree } = gathering.repository
  if (workTree)
    for await (const found of onDisk(gathering, workTree)) {
      if (done.has(found.run.id)) continue
      newer.add(found.run.id)
      yield found
    }
  yield* committed.filter(({ run }) => !newer.has(run.id))
}

async function* onDisk({ cwd, repository, progress }: Gathering, path: string): AsyncGenerator<Found> {
  const given = resolve(cwd, path)
  if (!existsSync(given))
    throw new ProvError('usage', `there is nothing at '${path}'`, {
      hint: 'git prov import mlflow <folder or mlflow.db>',
    })
  const start = realpathSync(given)
  const top = repository.workTree ?? start
  const { runs, databases } = findStores(start)
  let done = 0
  for (const folder of runs) {
    progress(++done)
    const run = await readRunFolder(folder, top)
    if (run) yield { run, source: relative(top, folder) || '.' }
  }
  for (const file of databases) {
    for await (const run of mlflowDatabase(file)) {
      progress(++done)
      yield { run, source: `${relative(top, file)}, run ${run.id}` }
    }
  }
}

async function toRun({ objects, repository }: Gathering, { run, source, first }: Found): Promise<ImportedRun> {
  const code = run.tags.get('mlflow.source.git.commit') ?? ''
  const object = /^[0-9a-f]{40,64}$/.test(code) ? await objects.read(code) : undefined
  const commit = object?.type === 'commit' ? parseCommit(object) : undefined
  const brought = first && { commit: first.oid, tree: first.tree, parents: first.parents }
  const about = commit ? { commit: commit.oid, tree: commit.tree, parents: commit.parents } : brought
  const notes = commit ? [] : [code ? `the code's commit ${code} is not here` : "the code's commit is not recorded"]
  if (!commit && brought) notes.push('the commit named is the one that brought the run')
  return toImportedRun(run, {
    source,
    notes,
    agent: first?.author ?? importer(repository),
    ...(about && { about }),
    time: first?.time ?? new Date(0),
  })
}

/** MLflow's user is an account name, which is not kept: the importer answers for the run. */
function importer(repository: Gathering['repository']): ImportedRun['agent'] {
  const [, name = '', email = ''] = committerIdent(repository).match(/^(.*) <(.*)> /) ?? []
  return { name, email }
}
