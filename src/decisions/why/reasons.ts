import type { Context } from '../../context.ts'
import { mergeThatBrought } from '../../git/history/brought-by.ts'
import { type ObjectReader, parseCommit } from '../../git/objects/objects.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { Resolver } from '../../ledger/read/resolve.ts'
import type { NoteLine } from '../../records/note.ts'
import { latestCapture } from '../../records/note-lines/capture-note.ts'
import { describeRuns } from '../../records/run/log.ts'
import { type Brief, readBriefs } from '../brief/briefs.ts'
import { isDecisionFile, slugOf } from '../model/slug.ts'
import type { DecisionView } from '../model/view.ts'
import { readDecisions } from '../read-decisions.ts'
import type { Reason } from './answer.ts'
import type { Query } from './question.ts'

/** Everything that explains the subject of a query, with its distance. */
export async function reasonsFor(context: Context, objects: ObjectReader, query: Query): Promise<Reason[]> {
  const decisions = await readDecisions(context)
  const briefs = await readBriefs(context.repository(), objects)
  const reasons: Reason[] = decisionsNaming(query, decisions)
  for (const [age, commit] of query.commits.entries()) {
    reasons.push(...(await aroundCommit(context, objects, commit, age * 2, decisions, briefs)))
  }
  return reasons
}

async function aroundCommit(
  context: Context,
  objects: ObjectReader,
  commit: string,
  distance: number,
  decisions: readonly DecisionView[],
  briefs: readonly Brief[],
): Promise<Reason[]> {
  const repository = context.repository()
  const lines = await new Resolver(repository, objects, readSettings(repository)).readLines(commit)
  const object = await objects.read(commit)
  const own = object?.type === 'commit' ? parseCommit(object) : undefined
  const subject = own?.message.split('\n')[0] ?? ''
  const time = own ? new Date(own.author.seconds * 1000).toISOString() : ''
  const name = commit.slice(0, 7)
  const merge = distance < mostMerges ? mergeThatBrought(repository, commit) : undefined
  return [
    {
      kind: 'commit',
      id: commit,
      title: subject,
      time,
      how: changesOf(lines),
      distance,
      details: bodyOf(own?.message),
    },
    ...decisionsAt(context, commit, decisions, `in commit ${name}`, distance),
    ...briefsAt(commit, briefs, `about commit ${name}`, distance),
    ...runsAt(lines, `made at commit ${name}`, distance),
    ...(merge ? await aroundMerge(context, objects, merge, commit, distance + 1, decisions, briefs) : []),
  ]
}

/** Each costs a walk from the commit to HEAD, so only the nearest commits' merges are looked up. */
const mostMerges = 6

async function aroundMerge(
  context: Context,
  objects: ObjectReader,
  merge: string,
  commit: string,
  distance: number,
  decisions: readonly DecisionView[],
  briefs: readonly Brief[],
): Promise<Reason[]> {
  const object = await objects.read(merge)
  const message = object?.type === 'commit' ? parseCommit(object).message : ''
  const how = `in merge ${merge.slice(0, 7)}, which brought commit ${commit.slice(0, 7)}`
  return [
    {
      kind: 'commit',
      id: merge,
      title: message.split('\n')[0] ?? '',
      time: '',
      how,
      distance,
      details: bodyOf(message),
    },
    ...decisionsAt(context, merge, decisions, how, distance),
    ...briefsAt(merge, briefs, how, distance),
  ]
}

/** Decisions whose file a commit changed (a merge: against its first parent), and those recorded at it. */
function decisionsAt(
  context: Context,
  commit: string,
  decisions: readonly DecisionView[],
  how: string,
  distance: number,
): Reason[] {
  const args = [
    'diff-tree',
    '--root',
    '-r',
    '--no-commit-id',
    '--name-only',
    '-z',
    '-m',
    '--first-parent',
    commit,
    '--',
    'decisions',
  ]
  const files = tryGit(context.repository(), args).stdout.toString('utf8').split('\0')
  const slugs = new Set(files.filter(isDecisionFile).map(slugOf))
  return decisions
    .filter(({ slug, events }) => slugs.has(slug) || events.some((event) => event.commit === commit))
    .map((view) => decisionReason(view, how, distance))
}

/** Decisions that rest on the subject of the query, or mention it. */
function decisionsNaming(
  { commits, file, dataset, parameter, what }: Query,
  decisions: readonly DecisionView[],
): Reason[] {
  return decisions.flatMap((view) => {
    const evidence = view.decision?.evidence ?? []
    if (dataset && evidence.some((one) => one.dataset === dataset))
      return decisionReason(view, `rests on dataset ${dataset}`, 0)
    if (file && what === 'file' && evidence.some((one) => one.file === file))
      return decisionReason(view, `rests on ${file}`, 0)
    const named = evidence.find(
      (one) => one.commit && commits.some((commit) => commit.startsWith(one.commit as string)),
    )
    if (named)
      return decisionReason(
        view,
        `rests on commit ${named.commit?.slice(0, 7)}`,
        commits.findIndex((commit) => commit.startsWith(named.commit as string)) * 2,
      )
    if (parameter && mentions(view, parameter)) return decisionReason(view, `mentions ${parameter}`, 3)
    return []
  })
}

function mentions({ decision }: DecisionView, word: string): boolean {
  const pattern = new RegExp(`(^|[^\\w])${word.replace(/[.]/g, '\\.')}($|[^\\w])`)
  return decision !== undefined && pattern.test(JSON.stringify(decision))
}

function decisionReason(view: DecisionView, how: string, distance: number): Reason {
  const { slug, title = '', status, decision, events } = view
  const time = events.at(-1)?.time ?? decision?.date ?? ''
  const details = [decision?.why ?? decision?.context ?? ''].filter(Boolean)
  return { kind: 'decision', id: slug, title: `${title} (${status})`, time, how, distance, details }
}

function briefsAt(commit: string, briefs: readonly Brief[], how: string, distance: number): Reason[] {
  return briefs
    .filter(({ commits }) => commits.includes(commit))
    .map(({ id, time, outcome, impact, tradeOffs }) => ({
      kind: 'brief' as const,
      id,
      title: '',
      time,
      how,
      distance,
      details: [outcome, impact, tradeOffs].filter((text) => text !== undefined),
    }))
}

function runsAt(lines: readonly NoteLine[], how: string, distance: number): Reason[] {
  return describeRuns(lines).map(({ text, time }) => {
    const [id = '', ...rest] = text.split('  ')
    return { kind: 'run' as const, id, title: rest.join('  '), time, how, distance, details: [] }
  })
}

/** What the commit itself changed, according to its capture. */
function changesOf(lines: readonly NoteLine[]): string {
  const { changed } = latestCapture(lines) ?? {}
  const parts = [changed?.environment ? 'the environment' : '', ...Object.keys(changed?.datasets ?? {})].filter(Boolean)
  return parts.length > 0 ? `changed ${parts.join(', ')}` : 'the commit itself'
}

const trailers = /^[A-Za-z-]+: .*$/

/** A message without its subject and trailers. */
function bodyOf(message = ''): string[] {
  const [, ...paragraphs] = message.trim().split(/\n\n+/)
  return paragraphs.filter((text) => !text.split('\n').every((line) => trailers.test(line)))
}
