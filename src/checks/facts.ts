import { relative, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { readDecisionFiles } from '../decisions/draft/decision-files.ts'
import { readHead } from '../decisions/evidence/head.ts'
import { readEvidence } from '../decisions/evidence/read-evidence.ts'
import type { DecisionDraft } from '../decisions/model/decision.ts'
import { decisionEvents, eventsBySlug } from '../decisions/model/event.ts'
import { type CheckFacts, waiverFacts } from '../decisions/model/problem.ts'
import { rolesOf } from '../decisions/model/roles.ts'
import { stagedPaths } from '../git/history/changed-paths.ts'
import { resolveCommit } from '../git/history/resolve-commit.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { reviewEvents } from '../records/review.ts'
import { newFiles, readChange } from './change.ts'

/** What the command line asks to check. */
export interface CheckScope {
  base?: string
  staged: boolean
  /** A release as typed. */
  release?: string
  /** Files or ids as typed; none: everything. */
  words: readonly string[]
}

/** Gathers everything the rules read. What has not changed since the last check comes from the local cache. */
export async function gatherFacts(context: Context, objects: ObjectReader, scope: CheckScope): Promise<CheckFacts> {
  const repository = context.repository()
  const local = localDir(repository)
  const { branchRef } = readSettings(repository)
  // git reads the history while we read files.
  const gitReads = Promise.all([
    scope.base === undefined ? undefined : readChange(repository, objects, scope.base),
    readKind(repository, objects, decisionEvents),
    readKind(repository, objects, waiverFacts),
    readKind(repository, objects, reviewEvents),
    readHead(repository, objects),
    objects.read(branchRef).then((tip) => tip !== undefined),
  ])
  gitReads.catch(() => {})
  const config = await loadConfig(repository, local.cache)
  const drafts = await readDecisionFiles(repository, local.cache)
  const [committed, events, waivers, reviews, head, ledger] = await gitReads
  const fresh = committed
    ? await newFiles(
        objects,
        drafts.map(({ file }) => file),
      )
    : []
  const change = committed && { ...committed, files: [...new Set([...committed.files, ...fresh])] }
  const focus = focusOf(context, scope, drafts, change?.files)
  const focused = drafts.filter(({ file }) => focus(file))
  const { states, runs } = await readEvidence(repository, objects, focused, { head, ledger })
  return {
    today: context.now().toISOString().slice(0, 10),
    drafts,
    isFocus: focus,
    events: eventsBySlug(events),
    waivers,
    reviews,
    ...releaseOf(context, scope.release),
    policy: config.policy,
    roles: rolesOf(config.policy),
    matches: await matcher(config.policy),
    parameterFiles: config.parameters,
    evidence: states,
    criteria: await criteriaOf(context, objects, focused, runs),
    ...(head && !change && !scope.staged && scope.words.length === 0 && { head }),
    ...(change && { change }),
    ledger,
  }
}

function releaseOf(context: Context, name: string | undefined): Pick<CheckFacts, 'release'> {
  if (name === undefined) return {}
  const commit = resolveCommit(context.repository(), name)
  if (commit) return { release: { name, commit } }
  throw new ProvError('unknown-revision', `'${name}' is not a tag or commit here`, { hint: 'git tag' })
}

type Focus = (file: string) => boolean

function focusOf(
  context: Context,
  { staged, words }: CheckScope,
  drafts: readonly DecisionDraft[],
  changed?: readonly string[],
): Focus {
  const top = context.repository().workTree ?? context.cwd
  const named = words.map(
    (word) => drafts.find(({ slug }) => slug === word)?.file ?? relative(top, resolve(context.cwd, word)),
  )
  const within = (file: string) =>
    named.length === 0 || named.some((name) => file === name || file.startsWith(`${name}/`) || name === '')
  const among = staged ? stagedPaths(indexPlace(context)) : changed
  if (!among) return within
  const set = new Set(among)
  return (file) => set.has(file) && within(file)
}

/**
 * In a hook, git names the index of the commit being made: `git commit -a` and partial commits have an index of their
 * own.
 */
function indexPlace(context: Context) {
  const { cwd, env } = context.repository()
  const index = context.env.GIT_INDEX_FILE
  return { cwd, env: { ...env, ...(index !== undefined && { GIT_INDEX_FILE: resolve(context.cwd, index) }) } }
}

/** Loads the glob library only for a policy with globs. */
async function matcher(policy: CheckFacts['policy']): Promise<CheckFacts['matches']> {
  if (!policy?.changes?.some(({ paths }) => paths)) return () => false
  const { default: picomatch } = await import('picomatch')
  return (name, globs) => picomatch.isMatch(name, [...globs], { dot: true })
}

async function criteriaOf(
  context: Context,
  objects: ObjectReader,
  drafts: readonly DecisionDraft[],
  runs: Parameters<typeof import('../decisions/evidence/criteria-order.ts').readCriteriaOrder>[3],
) {
  if (runs.size === 0) return new Map()
  const { readCriteriaOrder } = await import('../decisions/evidence/criteria-order.ts')
  return await readCriteriaOrder(context.repository(), objects, drafts, runs)
}
