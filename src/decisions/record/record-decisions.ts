import { digestOf } from '../../base/digest.ts'
import { stringifyJson } from '../../base/json.ts'
import { parseConfig } from '../../config/parse-config.ts'
import type { Context } from '../../context.ts'
import type { Policy } from '../../generated/record-types.ts'
import { listTree } from '../../git/objects/list-tree.ts'
import { type Commit, type ObjectReader, parseCommit } from '../../git/objects/objects.ts'
import { currentBranch } from '../../git/refs/current-branch.ts'
import { defaultBranch } from '../../git/refs/default-branch.ts'
import { gitText } from '../../git/run.ts'
import { readKind } from '../../ledger/index/kind-index.ts'
import { knownPolicies } from '../../ledger/index/known-policies.ts'
import { aboutHere } from '../../recording/about-here.ts'
import type { Recording } from '../../recording/door.ts'
import { recordAll } from '../../recording/record.ts'
import type { Decision, Link } from '../../records/record.ts'
import { type ReviewEvent, reviewEvents, verdicts } from '../../records/review.ts'
import type { DecisionFile } from '../model/decision.ts'
import { type DecisionEvent, decisionEvents, eventsBySlug, lastRecorded } from '../model/event.ts'
import { pullRequestOf, reviewersOf } from '../model/merged.ts'
import { parseDecision } from '../model/parse.ts'
import { decisionsFolder, isDecisionFile, slugOf } from '../model/slug.ts'

/**
 * Records decisions whose text reached the default branch since they were last recorded: the text, the commit that
 * brought it, the pull request, who reviewed it, and the policy in force. `here`: whatever HEAD is, for CI. Returns
 * their ids.
 */
export async function recordDecisions(
  context: Context,
  objects: ObjectReader,
  { here = false }: { here?: boolean } = {},
): Promise<string[]> {
  const repository = context.repository()
  const folder = await objects.read(`HEAD:${decisionsFolder}`)
  if (folder?.type !== 'tree') return []
  if (!here && currentBranch(repository) !== defaultBranch(repository)) return []
  const events = eventsBySlug(await readKind(repository, objects, decisionEvents))
  const reviews = await readKind(repository, objects, reviewEvents)
  const policy = await inForce(context, objects)
  const recorded: { slug: string; recording: Recording }[] = []
  for (const { path, oid } of listTree(repository, folder.oid)) {
    const file = `${decisionsFolder}/${Buffer.from(path, 'latin1').toString('utf8')}`
    if (!isDecisionFile(file)) continue
    const slug = slugOf(file)
    const body = (await objects.read(oid))?.body
    const last = lastRecorded(events.get(slug) ?? [])
    if (!body || last?.digest === digestOf(body)) continue
    const decision = (await parseDecision(body, file)).decision
    if (!decision || decision.status === 'draft') continue
    const text = { slug, file, body, decision, last, events, reviews, policy: policy?.digest }
    recorded.push({ slug, recording: (await recordingOf(context, objects, text)) as unknown as Recording })
  }
  if (recorded.length === 0) return []
  const all = recorded.map(({ recording }) => recording)
  await recordAll(context, objects, policy?.news ? [policy.news, ...all] : all)
  return recorded.map(({ slug }) => slug)
}

interface Text {
  slug: string
  file: string
  body: Buffer
  decision: DecisionFile
  last: DecisionEvent | undefined
  events: ReadonlyMap<string, readonly DecisionEvent[]>
  reviews: readonly ReviewEvent[]
  /** Digest of the policy in force. */
  policy: string | undefined
}

async function recordingOf(context: Context, objects: ObjectReader, text: Text): Promise<Recording<Decision>> {
  const { slug, file, body, last, policy, decision } = text
  const digest = digestOf(body)
  const { commit, messages } = await broughtBy(context, objects, file)
  const pullRequest = pullRequestOf(commit.message)
  const reviewers = [...reviewersOf(messages), ...approvals(text.reviews, digest)]
  return {
    kind: 'decision',
    agent: { name: commit.author.name, email: commit.author.email },
    about: { commit: commit.oid, tree: commit.tree, parents: commit.parents },
    fields: {
      slug,
      action: 'recorded',
      status: decision.status as Decision['status'],
      revision: decision.revision ?? (last ? last.revision + 1 : 1),
      file,
      digest,
      decision,
      ...(pullRequest && { pullRequest }),
      ...(reviewers.length > 0 && { reviewers }),
      ...(policy && { policy }),
    },
    links: linksOf(text),
  }
}

/** The commit of the default branch that brought this version of the file, and the messages of what it merged. */
async function broughtBy(
  context: Context,
  objects: ObjectReader,
  file: string,
): Promise<{ commit: Commit; messages: string[] }> {
  const repository = context.repository()
  const oid = gitText(repository, ['log', '-1', '--first-parent', '--format=%H', 'HEAD', '--', file])
  const object = await objects.read(oid || 'HEAD')
  if (!object) throw new Error(`no commit added ${file}`)
  const commit = parseCommit(object)
  const range = commit.parents[0] ? [`${commit.parents[0]}..${commit.oid}`] : [commit.oid]
  const messages = gitText(repository, ['log', '-z', '--format=%B', ...range, '--', file]).split('\0')
  return { commit, messages: [commit.message, ...messages] }
}

/** Who approved this exact text. */
function approvals(reviews: readonly ReviewEvent[], digest: string): NonNullable<Decision['reviewers']> {
  return verdicts(reviews.filter(({ of }) => of === `file:${digest}`))
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ name, email }) => ({ name, email, from: 'review' as const }))
}

function linksOf({ last, decision, events }: Text): Link[] {
  const lastOf = (slug: string) => lastRecorded(events.get(slug) ?? [])
  const old = (decision.supersedes ?? []).flatMap((slug) => lastOf(slug)?.id ?? [])
  const used = (decision.evidence ?? []).flatMap(({ dataset, file, commit, digest }) => {
    if (commit?.match(/^([0-9a-f]{40}|[0-9a-f]{64})$/)) return [`commit:${commit}`]
    return digest?.length === 64 ? [`${dataset ? 'dataset' : file ? 'file' : ''}:${digest}`] : []
  })
  return [
    ...(last ? [{ rel: 'wasRevisionOf' as const, to: `record:${last.id}` }] : []),
    ...old.map((id) => ({ rel: 'supersedes' as const, to: `record:${id}` })),
    ...[...new Set(used)].map((to) => ({ rel: 'used' as const, to })),
  ]
}

/** The policy in force for a decision recorded now, and its record if the branch lacks it. */
async function inForce(
  context: Context,
  objects: ObjectReader,
): Promise<{ digest: string; news?: Recording } | undefined> {
  const file = await objects.read('HEAD:prov.yaml')
  const content = file?.type === 'blob' ? await policyOf(file.body) : undefined
  const about = await aboutHere(context, objects)
  if (!content || !about) return undefined
  const digest = digestOf(stringifyJson(content))
  if ((await knownPolicies(context.repository(), objects)).includes(digest)) return { digest }
  const news: Recording<Policy> = { kind: 'policy', about, fields: { digest, content } }
  return { digest, news: news as unknown as Recording }
}

async function policyOf(body: Buffer) {
  try {
    return (await parseConfig(body.toString('utf8'))).policy
  } catch {
    return undefined
  }
}
