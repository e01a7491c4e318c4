import { uuid7 } from '../base/uuid.ts'
import { collectEnvironment } from '../collect/environment.ts'
import type { Baseline } from '../generated/types.ts'
import { parseIdent } from '../git/ident.ts'
import { type Commit, parseCommit } from '../git/objects/objects.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import { readFlaggedFiles } from '../git/work-tree/flagged-files.ts'
import { readChanges } from '../git/work-tree/status.ts'
import { isOnBranch } from '../ledger/append/branch-files.ts'
import { askCommitter } from '../ledger/append/committer.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { fitted } from '../recording/fitted.ts'
import { reportFound } from '../recording/privacy/report-found.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
import type { BuiltEnvironment } from '../records/environment.ts'
import { environmentPath } from '../records/layout.ts'
import { buildRecord, type Run, type StoredRecord } from '../records/record.ts'
import { lookAtFiles, type NamedPath, namedInputs, namedOutputs } from './files.ts'
import type { RunOptions } from './options.ts'
import { keepWork } from './plan/keep-work.ts'
import { gatherParameters, gatherSeeds } from './plan/parameters.ts'
import { pathFromTop, type Session } from './session.ts'
import { withoutSecrets } from './without-secrets.ts'
import { scanOf } from './work-tree-scan.ts'

/** The state before the command started. Plain data: --start keeps it for --finish. */
export interface Before {
  /** A work-tree scan, or undefined when git could not tell. */
  scan: [path: string, identity: string][] | undefined
  /** Digest of each declared output; null if it did not exist, '' if unknown. */
  outputs: Record<string, string | null>
}

export interface Plan {
  /** The record as written. */
  stored: StoredRecord<Run>
  /** The full record, restricted parts included. */
  full: Run
  /** Inputs and outputs with their real paths; in the record, parts may be redacted. */
  plain: Pick<Run, 'inputs' | 'outputs'>
  entry: Entry
  /** `Name <mail> <seconds> <zone>`. */
  ident: string
  before: Before
}

/** Gathers everything known about a run before its command starts. */
export async function makePlan(session: Session, options: RunOptions): Promise<Plan> {
  const { context, repository, objects } = session
  const inputs = namedInputs(session, options.inputs)
  const outputs = namedOutputs(session, options.outputs)
  const [ident, head, status, flagged, environment, looked, lookedOutputs, parameters, baseline, decisions] =
    await Promise.all([
      askCommitter(repository),
      objects.read('HEAD'),
      readChanges(repository),
      readFlaggedFiles(repository, session.local.cache),
      environmentOf(session),
      lookAtFiles(session, inputs),
      lookAtFiles(session, outputs),
      gatherParameters(session, options),
      baselineOf(session, options),
      decisionsOf(session, options),
    ])
  const commit = head?.type === 'commit' ? parseCommit(head) : undefined
  const snapshot = options.snapshot ? await keepWork(session, commit, status, flagged) : undefined
  const seeds = gatherSeeds({ parameters }, options, context.env)
  const { name, email } = parseIdent(ident)
  const now = context.now()
  const plain = { inputs: looked.files, outputs: outputs.map(notMadeYet) }
  const seen = {
    workingFolder: pathFromTop(session, '.'),
    ...(snapshot && { snapshot }),
    inputs: plain.inputs,
    ...(outputs.length > 0 && { outputs: plain.outputs }),
    parameters,
    ...(seeds && { seeds }),
  }
  const built = buildRecord<Run>(
    {
      kind: 'run',
      agent: { name, email },
      ...(commit && { about: aboutOf(session, commit) }),
      runId: uuid7(now),
      phase: 'planned',
      environment: environment.digests,
      ...(options.start && { queued: true }),
      ...withoutSecrets({ ...saidOf(options, decisions, baseline), ...seen }, session.redactor),
      links: decisions.flatMap(({ digest }) => (digest ? [{ rel: 'wasInformedBy', to: `file:${digest}` }] : [])),
    },
    now,
  )
  const full = await fitted(built)
  reportFound(context, session.local, session.redactor.found)
  const entry = await restrictEntry(session.restriction, await entryOf(session, full, environment, looked.manifests))
  const stored = entry.record as StoredRecord<Run>
  const digests = lookedOutputs.files.map(({ path, digest, state }): [string, string | null] => [
    path,
    digest ?? (state === 'missing' ? null : ''),
  ])
  const scan = status.failed === undefined ? [...scanOf(repository, status)] : undefined
  return { stored, full: full.record, plain, entry, ident, before: { scan, outputs: Object.fromEntries(digests) } }
}

/** What the user said about the run. */
function saidOf(options: RunOptions, decisions: readonly { slug: string }[], baseline: Baseline | undefined) {
  const { intent, hypothesis, stage, name, expectations, tags } = options
  return {
    command: options.command as Run['command'],
    ...(decisions.length > 0 && { decisions: decisions.map(({ slug }) => slug) }),
    ...(baseline && { baseline }),
    ...(baseline && baseline.run === undefined && { problems: [noRunAt(baseline)] }),
    ...(stage !== undefined && { stage }),
    ...(name !== undefined && { name }),
    ...(intent !== undefined && { intent }),
    ...(hypothesis !== undefined && { hypothesis }),
    ...(expectations.length > 0 && { expectations: expectations.map((expression) => ({ expression })) }),
    ...(tags.size > 0 && { tags: Object.fromEntries(tags) }),
  }
}

async function baselineOf(session: Session, { baseline, stage }: RunOptions): Promise<Baseline | undefined> {
  if (baseline === undefined) return undefined
  return await (await import('./plan/baseline.ts')).findBaseline(session, baseline, stage)
}

/** The decisions a run serves, each with the SHA-256 of its file now. Throws when one does not exist. */
async function decisionsOf({ repository, local }: Session, { decisions }: RunOptions) {
  if (decisions.length === 0) return []
  const { readDecisionFiles } = await import('../decisions/draft/decision-files.ts')
  const { findDraft } = await import('../decisions/draft/find-draft.ts')
  const drafts = await readDecisionFiles(repository, local.cache)
  return decisions.map((word) => findDraft(drafts, word))
}

const noRunAt = ({ reference }: Baseline) => ({
  where: 'baseline',
  reason: `no run ended ok at ${reference} or before`,
})

function aboutOf({ repository }: Session, { oid, tree, parents }: Commit): NonNullable<Run['about']> {
  const branch = currentBranch(repository)
  return { commit: oid, tree, parents, ...(branch && { branch }) }
}

const notMadeYet = ({ path, declared, dataset }: NamedPath) => ({
  path,
  declared,
  ...(dataset !== undefined && { dataset }),
  state: 'missing' as const,
  reason: 'not made yet',
})

function environmentOf({ context, repository, config, local, redactor }: Session): Promise<BuiltEnvironment> {
  return collectEnvironment({
    root: repository.workTree,
    env: context.env,
    systemRoot: '/',
    variables: config.environment.variables,
    redactor,
    deadline: Date.now() + 10_000,
    cacheDir: local.cache,
  })
}

/** The record with the files it brings. */
async function entryOf(
  { objects, settings }: Session,
  record: StoredRecord<Run>,
  environment: BuiltEnvironment,
  manifests: Record<string, Buffer>,
): Promise<Entry> {
  const { digest } = environment.digests
  const known = await isOnBranch(objects, settings.branchRef, environmentPath(digest))
  return { record, manifests, ...(!known && { environments: { [digest]: environment.text } }) }
}
