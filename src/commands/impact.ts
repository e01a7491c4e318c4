import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import type { DecisionView } from '../decisions/model/view.ts'
import { readDecisions } from '../decisions/read-decisions.ts'
import { resolveCommit } from '../git/history/resolve-commit.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { tryGit } from '../git/run.ts'
import { withRunIndex } from '../ledger/index/run-index.ts'
import { type RunIndex, textAt } from '../ledger/index/runs/index.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { Resolver } from '../ledger/read/resolve.ts'
import { findImpacted, type ImpactStep } from '../lineage/impact/downstream.ts'
import { type ImpactView, renderImpact } from '../lineage/impact/text.ts'
import { latestCapture } from '../records/note.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov impact DATASET[@OLD..NEW]`: what rests on data that was refreshed, and the way in between. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...rest] = words
  const [, name, old, now] =
    word?.match(/^([A-Za-z0-9][A-Za-z0-9._-]*)(?:@([0-9a-f]{4,64})?(?:\.\.([0-9a-f]{4,64})?)?)?$/) ?? []
  if (name === undefined || rest.length > 0)
    throw new ProvError('usage', 'impact takes one dataset, and what it was and is when that is not HEAD', {
      hint: 'git prov impact train, or train@3d1e0a..77be02',
    })
  const objects = new ObjectReader(context.repository())
  try {
    await requireBranchIn(context.repository(), objects)
    await catchUp(context, objects)
    const view = await gather(context, objects, { name, old, now })
    if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    else await print(context, view)
    return view.runs.length + view.decisions.length + view.releases.length > 0 ? 1 : 0
  } finally {
    objects.close()
  }
}

interface Asked {
  name: string
  old: string | undefined
  now: string | undefined
}

async function gather(context: Context, objects: ObjectReader, { name, old, now }: Asked): Promise<ImpactView> {
  const repository = context.repository()
  const resolver = new Resolver(repository, objects, readSettings(repository))
  const head = resolveCommit(repository, 'HEAD')
  const datasets = head ? (latestCapture(await resolver.readLines(head))?.datasets ?? {}) : {}
  const current = datasets[name]?.digest
  const target = now === undefined || current?.startsWith(now) ? current : now
  const decisions = await readDecisions(context)
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
      releases: await releasesOf(context, resolver, name, sources),
    }
  })
}

function unknownDataset(name: string, known: readonly string[]): ProvError {
  const guess = nearest(name, known)
  return new ProvError('unknown-revision', `there is no dataset '${name}' at HEAD, and no run used one`, {
    hint: guess ? `did you mean '${guess}'?` : 'git prov dataset list',
  })
}

/** What the dataset was: as asked for, else everything runs and decisions knew it as that it no longer is. */
function sourcesOf(
  index: RunIndex,
  decisions: readonly DecisionView[],
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

/** A decision rests on data by naming it, by naming a run that used it, or a run downstream. */
function decisionOf(
  { slug, status, decision }: DecisionView,
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
  context: Context,
  resolver: Resolver,
  name: string,
  sources: readonly ImpactStep[],
): Promise<ImpactView['releases']> {
  const args = ['for-each-ref', '--format=%(refname:short) %(objectname) %(*objectname)', 'refs/tags']
  const lines = tryGit(context.repository(), args).stdout.toString('utf8').split('\n').filter(Boolean)
  const found: ImpactView['releases'] = []
  for (const line of lines) {
    const [tag = '', object = '', peeled] = line.split(' ')
    const commit = peeled || object
    const digest = latestCapture(await resolver.readLines(commit))?.datasets?.[name]?.digest
    if (digest && sources.some((one) => one.digest === digest)) found.push({ tag, commit, digest })
  }
  return found
}

async function print(context: Context, view: ImpactView): Promise<void> {
  const output = openOutput(context)
  const { runs, decisions, releases } = view
  const nothing = runs.length + decisions.length + releases.length === 0
  const lines = nothing
    ? [`prov: nothing rests on what ${view.dataset} was`]
    : [
        ...renderImpact(view, painter(output.colour)),
        `prov: ${plural(runs.length, 'run')}, ${plural(decisions.length, 'decision')}, ${plural(releases.length, 'release')}`,
      ]
  await output.write(`${lines.join('\n')}\n`)
  await output.end()
}
