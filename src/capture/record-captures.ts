import { messageOf, ProvError } from '../base/errors.ts'
import { missing } from '../base/missing.ts'
import { CleanTexts } from '../collect/clean-texts.ts'
import { defaultConfig } from '../config/config.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import type { PrestartedWrites } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { keepModeMarker } from '../ledger/local/mode-marker.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { collectingRedactor, skippingRedactor } from '../privacy/redact-values.ts'
import { appendEntries, type Written } from '../recording/append-entries.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { reportFound } from '../recording/privacy/report-found.ts'
import { restrictEntry, restrictionOf } from '../recording/privacy/restriction.ts'
import { progressLine } from '../terminal/progress.ts'
import { spawnDetached } from './background.ts'
import { type Captured, type CaptureRequest, captureCommits } from './capture-commits.ts'
import { markPending } from './pending.ts'
import { keepRequests } from './prefetch.ts'

type Chosen = Pick<CaptureRequest, 'trigger' | 'late'> &
  Partial<
    Pick<CaptureRequest, 'rewrittenFrom' | 'committedAt' | 'branch' | 'environment' | 'supersedes' | 'status'>
  > & {
    /** No time budget: a command asked for the capture, or nobody waits for it. */
    noDeadline?: boolean
    /** Records to append with the captures. */
    extra?: readonly Entry[]
    prestarted?: PrestartedWrites
    /** The single commit is new, so it has no note yet. */
    isNew?: true
  }

/** The result of capturing. */
export interface Recorded {
  captured: Captured[]
  where: Written['where']
}

/** Captures commits and appends them to the ledger; every hook and command goes through here. */
export async function recordCaptures(
  context: Context,
  objects: ObjectReader,
  oids: readonly string[] | Promise<readonly string[]>,
  chosen: Chosen,
): Promise<Recorded> {
  const repository = context.repository()
  const local = localDir(repository)
  const { config, configuration } = await configOrReason(repository, local.cache)
  keepModeMarker(local, config.capture.mode)
  const settings = readSettings(repository)
  keepRequests(local, settings, config)
  const budget = chosen.noDeadline ? Number.POSITIVE_INFINITY : config.capture.budget * 1000
  const deadline = context.now().getTime() + budget
  const progress = progressLine(context.stderr)
  const fullRedactor = redactorOf(context, config.policy?.privacy)
  const clean = new CleanTexts(local.cache, fullRedactor.id)
  const redactor = collectingRedactor(skippingRedactor(fullRedactor, clean))
  const request: CaptureRequest = {
    context,
    repository,
    objects,
    settings,
    config,
    ...(configuration && { configuration }),
    deadline,
    redactor,
    clean,
    ...chosen,
    onProgress: (what, step) => progress.show({ what, ...step }),
  }
  const captured = await captureCommits(request, oids).finally(progress.clear)
  clean.keep()
  reportFound(context, local, redactor.found)
  const restriction = restrictionOf(context, config)
  const restricted = await Promise.all(captured.map(({ entry }) => restrictEntry(restriction, entry)))
  const entries = [...restricted, ...(chosen.extra ?? [])]
  if (entries.length === 0) return { captured, where: 'folded' }
  markUnfinished(repository, captured, chosen.committedAt ?? BigInt(context.now().getTime()) * 1_000_000n)
  const ident = identOf(captured, chosen.extra)
  const { where } = await appendEntries(context, entries, {
    ident,
    objects,
    // Even a capture without a time budget does not wait forever for a lock.
    deadline: Date.now() + 5000,
    inHook: chosen.trigger.startsWith('post-'),
    ...(chosen.prestarted && { prestarted: chosen.prestarted }),
    ...(chosen.isNew && captured[0] && { fresh: captured[0].stored.record.about.commit }),
  })
  return { captured, where }
}

/** A prov.yaml that cannot be read costs the datasets, never the capture. */
async function configOrReason(repository: Repository, cache: string) {
  try {
    return { config: await loadConfig(repository, cache) }
  } catch (error) {
    if (!(error instanceof ProvError)) throw error
    return { config: defaultConfig, configuration: missing(messageOf(error).slice(0, 1000)) }
  }
}

function markUnfinished(repository: Repository, captured: readonly Captured[], committedAt: bigint): void {
  for (const { stored } of captured) {
    const unfinished = Object.values(stored.record.datasets).some(({ state }) => state === 'pending')
    if (unfinished) markPending(localDir(repository), { commit: stored.record.about.commit, committedAt })
  }
}

/** The commit on the branch carries the name of whoever made the commit it describes. */
function identOf(captured: readonly Captured[], extra: readonly Entry[] = []): string {
  const { record } = captured.at(-1)?.stored ?? (extra.at(-1) as Entry).record
  const clean = (text: string) => text.replace(/[<>\n\0]/g, '')
  return `${clean(record.agent.name) || 'unknown'} <${clean(record.agent.email)}> ${Math.floor(Date.parse(record.time) / 1000)} +0000`
}

/** Starts the worker that finishes pending captures, without waiting for it. */
export function startWorker(context: Context): void {
  spawnDetached(context, 'hook.cjs', ['finish'])
}
