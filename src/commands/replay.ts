import type { Context } from '../context.ts'
import { messageOf, ProvError } from '../core/errors.ts'
import { escapeLine } from '../core/escape.ts'
import type { Replay } from '../core/record.ts'
import type { Tolerances } from '../core/verdict.ts'
import { dieBy, SignalRelay } from '../execute/signals.ts'
import { ObjectReader } from '../git/objects.ts'
import { needRun } from '../ledger/find-run.ts'
import { readSettings } from '../ledger/settings.ts'
import { painter } from '../render/colour.ts'
import { renderReplayPlan } from '../render/replay-plan.ts'
import { replayBody } from '../render/show/replay.ts'
import { redactorOf } from './redactor.ts'
import { confirm } from './replay/confirm.ts'
import { parseReplayOptions, type ReplayOptions } from './replay/options.ts'
import { couldNotRun, type Findings, perform } from './replay/perform.ts'
import type { Place } from './replay/place.ts'
import { toPlanJson, toPlanView } from './replay/plan-view.ts'
import { type Prepared, prepare, sourcesOf } from './replay/prepare.ts'
import { appendReplay } from './replay/record.ts'
import { type Subject, subjectOf } from './replay/subject.ts'

/** `git prov replay <run>`. Exit status: 0 identical or within tolerance, 1 different, 2 could not run. */
export async function run(argv: string[], context: Context): Promise<number> {
  const options = parseReplayOptions(argv)
  const subjects = await findSubjects(context, options)
  if (options.script) return (await import('./replay/script.ts')).printScript(context, subjects)
  const places: Place[] = []
  const close = () => {
    for (const place of places.splice(0)) place.close(options.keep)
  }
  const guard = new Guard(close)
  try {
    let worst = 0
    for (const subject of subjects)
      worst = Math.max(worst, await replayOne(context, subject, { options, places, guard }))
    return worst
  } finally {
    if (options.keep) for (const { repository } of places) tell(context, `kept: ${repository.workTree}`)
    close()
    guard.off()
  }
}

async function findSubjects(context: Context, { run, since }: ReplayOptions): Promise<Subject[]> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const { branchRef } = readSettings(repository)
    const views =
      since === undefined
        ? [await needRun(repository, objects, run)]
        : await (await import('./replay/chain.ts')).findChain(repository, objects, since, run)
    return await Promise.all(views.map((view) => subjectOf(view, objects, branchRef)))
  } finally {
    objects.close()
  }
}

/** A signal takes the temporary folders away and then ends us; but not while a command runs, which is to get it. */
class Guard {
  readonly #take: (signal: NodeJS.Signals) => void

  constructor(close: () => void) {
    this.#take = (signal) => {
      close()
      dieBy(signal)
    }
    this.on()
  }

  on(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#take)
  }

  off(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, this.#take)
  }
}

interface Session {
  options: ReplayOptions
  /** Those opened so far, which are closed together at the end. */
  places: Place[]
  guard: Guard
}

async function replayOne(context: Context, subject: Subject, session: Session): Promise<number> {
  const { options, places } = session
  const redactor = redactorOf(context)
  const others = places.map(({ repository }) => repository.workTree)
  const onOpen = (place: Place) => void places.push(place)
  const prepared = await prepare(context, subject, { options, redactor, others, onOpen }).catch((error) => {
    throw unpreparable(subject, error)
  })
  const tolerances = { ...prepared.config.replay?.tolerance, ...options.tolerances }
  if (!options.json || !options.yes) showPlan(context, prepared, options)
  const answer = options.report ? 'no' : await confirm(context, options, prepared)
  if (answer === 'no') return prepared.obstacles.length > 0 || !options.report ? 2 : 0
  const findings =
    prepared.obstacles.length > 0
      ? couldNotRun(prepared, prepared.obstacles)
      : await doIt(context, prepared, { ...session, tolerances, others })
  return await conclude(context, prepared, findings, { options, tolerances })
}

/** What stops a replay before it begins names the run. */
function unpreparable({ id }: Subject, error: unknown): unknown {
  if (!(error instanceof ProvError)) return error
  return new ProvError(error.code, `run ${id.slice(0, 6)}: ${messageOf(error)}`, {
    ...(error.hint && { hint: error.hint }),
    cause: error.cause,
  })
}

function showPlan({ stdout, stderr }: Context, prepared: Prepared, options: ReplayOptions): void {
  if (options.json && !options.yes) stdout.write(`${JSON.stringify(toPlanJson(prepared), null, 2)}\n`)
  else if (!options.json)
    (options.report ? stdout : stderr).write(`${renderReplayPlan(toPlanView(prepared)).join('\n')}\n`)
}

interface Doing {
  options: ReplayOptions
  tolerances: Tolerances
}

async function doIt(
  context: Context,
  prepared: Prepared,
  { options, guard, tolerances, others }: Session & { tolerances: Tolerances; others: string[] },
): Promise<Findings | undefined> {
  const sources = sourcesOf(context, others)
  const passingSignals = async <T>(work: (relay: SignalRelay) => Promise<T>) => {
    guard.off()
    const relay = new SignalRelay()
    return await work(relay).finally(() => {
      relay.stop()
      guard.on()
    })
  }
  const redactor = redactorOf(context)
  return await perform(prepared, { tolerances, sources, redactor, passingSignals, quiet: options.json }).finally(() =>
    sources.workTree?.objects.close(),
  )
}

const exits: Record<Replay['verdict'], number> = {
  identical: 0,
  'within-tolerance': 0,
  different: 1,
  'could-not-run': 2,
}

async function conclude(
  context: Context,
  prepared: Prepared,
  findings: Findings | undefined,
  { options, tolerances }: Doing,
): Promise<number> {
  if (!findings) {
    tell(context, 'interrupted; nothing is recorded')
    return 130
  }
  const isolation = prepared.inPlace ? 'in-place' : 'worktree'
  const stored = await appendReplay(context, prepared, findings, {
    redactor: redactorOf(context),
    tolerances,
    isolation,
  })
  if (options.json) context.stdout.write(`${JSON.stringify({ id: stored.id, ...stored.record }, null, 2)}\n`)
  else context.stdout.write(`prov: ${replayBody(stored.record, painter(false)).join('\n')}\n`)
  return exits[findings.verdict]
}

function tell({ stderr }: Context, text: string): void {
  stderr.write(`prov: ${escapeLine(text)}\n`)
}
