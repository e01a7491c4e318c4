import { ProvError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import { resolveCommit } from '../../git/history/resolve-commit.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { withRunIndex } from '../../ledger/index/run-index.ts'
import { type RunIndex, textAt } from '../../ledger/index/runs/index.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { Resolver } from '../../ledger/read/resolve.ts'
import { latestCapture } from '../../records/note-lines/capture-note.ts'
import { findImpacted, type ImpactStep } from './downstream.ts'
import type { ImpactView } from './text.ts'

/** Which dataset, and its old and new content if not HEAD's: digests or their first digits. */
export interface ImpactQuestion {
  name: string
  old: string | undefined
  now: string | undefined
}

/** The parts of a decision that matter here: what it rests on. */
interface Decided {
  slug: string
  status: string
  decision?: { evidence?: readonly { dataset?: string; digest?: string; run?: string }[] }
}

/**
 * What rests on the old content of a dataset. Throws `unknown-revision` when HEAD has none of that name and no run used
 * one.
 */
export async function gatherImpact(
  repository: Repository,
  objects: ObjectReader,
  decisions: readonly Decided[],
  { name, old, now }: ImpactQuestion,
): Promise<ImpactView> {
  const resolver = new Resolver(repository, objects, readSettings(repository))
  const head = resolveCommit(repository, 'HEAD')
  const datasets = head ? (latestCapture(await resolver.readLines(head))?.datasets ?? {}) : {}
  const current = datasets[name]?.digest
  const target = now === undefined || current?.startsWith(now) ? current : now
  return await withRunIndex(repository, objects, async (index) => {
    const sources = sourcesOf(index, decisions, name, old, target)
    if (sources.length === 0 && current === undefined) throw unknownDataset(name, Object.keys(datasets))
    const runs = runsOf(index, sources)
    return {
      dataset: name,
      old: sources.map(({ digest }) => digest),
      now: target,
      runs: runs.map(({ id, path, outputs, row }) => ({ id, path, outputs, ...wordsOf(index, row) })),
      decisions: decisions.flatMap((view) => decisionOf(view, name, sources, runs)),
      releases: await releasesOf(repository, resolver, name, sources),
    }
  })
}

function unknownDataset(name: string, known: readonly string[]): ProvError {
  const guess = nearest(name, known)
  return new ProvError('unknown-revision', `there is no dataset '${name}' at HEAD, and no run used one`, {
    hint: guess ? `did you mean '${guess}'?` : 'git prov dataset list',
  })
}

/** Every content that runs and decisions recorded, except the current one; only `old` when that is given. */
function sourcesOf(
  index: RunIndex,
  decisions: readonly Decided[],
  name: string,
  old: string | undefined,
  now: string | undefined,
): ImpactStep[] {
  const column = index.column({ root: 'data', name })
  const digests = new Set<string>()
  for (const [, value] of column?.entries() ?? []) if (typeof value === 'string') digests.add(value)
  for (const { decision } of decisions)
    for (const { dataset, digest } of decision?.evidence ?? []) if (dataset === name && digest) digests.add(digest)
  const isNow = (digest: string) => now !== undefined && (now.startsWith(digest) || digest.startsWith(now))
  return [...digests]
    .filter((digest) => !isNow(digest) && (old === undefined || digest.startsWith(old) || old.startsWith(digest)))
    .map((digest) => ({ name, digest }))
}

interface Impacted {
  row: number
  id: string
  path: ImpactStep[]
  outputs: ImpactStep[]
}

function runsOf(index: RunIndex, sources: readonly ImpactStep[]): Impacted[] {
  const started = index.column({ root: 'started' })
  const { files } = index
  return findImpacted(files, sources, (row) => Number(started?.at(row) ?? 0)).map(({ row, path }) => ({
    row,
    path,
    id: textAt(index, { root: 'id' }, row) ?? '',
    outputs: files
      .ofRows([row])
      .flatMap(({ role, name, digest }) => (role === 'output' && digest ? [{ name, digest }] : []))
      .slice(0, 5),
  }))
}

function wordsOf(index: RunIndex, row: number): { stage?: string; status?: string } {
  const [stage, status] = [textAt(index, { root: 'stage' }, row), textAt(index, { root: 'status' }, row)]
  return { ...(stage && { stage }), ...(status && { status }) }
}

/** A decision rests on data by naming it, a run that used it, or a run downstream. */
function decisionOf(
  { slug, status, decision }: Decided,
  name: string,
  sources: readonly ImpactStep[],
  runs: readonly Impacted[],
): ImpactView['decisions'] {
  for (const { dataset, digest, run } of decision?.evidence ?? []) {
    const source =
      dataset === name && digest
        ? sources.find((one) => one.digest.startsWith(digest) || digest.startsWith(one.digest))
        : undefined
    if (source) return [{ slug, status, because: 'rests on', path: [source] }]
    const used = run ? runs.find(({ id }) => id.startsWith(run)) : undefined
    if (used) return [{ slug, status, because: `rests on run ${used.id.slice(0, 6)}, which used`, path: used.path }]
  }
  return []
}

/** Tags of commits that were captured with the old data. */
async function releasesOf(
  repository: Repository,
  resolver: Resolver,
  name: string,
  sources: readonly ImpactStep[],
): Promise<ImpactView['releases']> {
  const args = ['for-each-ref', '--format=%(refname:short) %(objectname) %(*objectname)', 'refs/tags']
  const lines = tryGit(repository, args).stdout.toString('utf8').split('\n').filter(Boolean)
  const found: ImpactView['releases'] = []
  for (const line of lines) {
    const [tag = '', object = '', peeled] = line.split(' ')
    const commit = peeled || object
    const digest = latestCapture(await resolver.readLines(commit))?.datasets?.[name]?.digest
    if (digest && sources.some((one) => one.digest === digest)) found.push({ tag, commit, digest })
  }
  return found
}
