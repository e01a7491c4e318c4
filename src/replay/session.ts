import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { SignalRelay } from '../execute/signals.ts'
import type { Redactor } from '../privacy/redact.ts'
import type { Replay, StoredRecord } from '../records/record.ts'
import { replayBody } from '../records/replay/show.ts'
import { painter } from '../render/colour.ts'
import type { Guard } from './guard.ts'
import type { ReplayOptions } from './options.ts'
import { couldNotRun, type Findings, perform } from './perform.ts'
import type { Workspace } from './place/workspace.ts'
import { confirm } from './plan/confirm.ts'
import { toPlanJson, toPlanView } from './plan/plan-view.ts'
import { renderReplayPlan } from './plan/replay-plan.ts'
import { type Origin, type Prepared, prepare, sourcesOf } from './prepare.ts'
import type { RecordRequest } from './record.ts'
import type { Subject } from './subject.ts'
import type { Tolerances } from './verdict.ts'

/** One call of `git prov replay`, for one or more runs. */
export interface Session {
  options: ReplayOptions
  origin: Origin
  redactor: Redactor
  /** More places to take inputs from, besides the user's work tree. */
  others: readonly string[]
  /** The workspaces opened so far; all are closed at the end. */
  workspaces: Workspace[]
  guard: Guard
  /** Stores a verdict. */
  keep(prepared: Prepared, findings: Findings, request: RecordRequest): Promise<StoredRecord<Replay>>
}

/** Replays one run: shows the plan, asks, runs, compares, records. Returns the exit status. */
export async function replayOne(context: Context, subject: Subject, session: Session): Promise<number> {
  const { options, workspaces, origin, redactor } = session
  const others = [...session.others, ...workspaces.map(({ repository }) => repository.workTree)]
  const onOpen = (workspace: Workspace) => void workspaces.push(workspace)
  const prepared = await prepare(context, subject, { origin, options, redactor, others, onOpen }).catch((error) => {
    throw unpreparable(subject, error)
  })
  const tolerances = { ...prepared.config.replay?.tolerance, ...options.tolerances }
  if (!options.json || !options.yes) showPlan(context, prepared, options)
  const answer = options.report ? 'no' : await confirm(context, options, prepared)
  if (answer === 'no') return prepared.obstacles.length > 0 || !options.report ? 2 : 0
  const findings =
    prepared.obstacles.length > 0
      ? couldNotRun(prepared, prepared.obstacles)
      : await doIt(prepared, { ...session, tolerances, others })
  return await conclude(context, prepared, findings, { ...session, tolerances })
}

/** An error before the replay starts names the run. */
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

type Doing = Session & { tolerances: Tolerances }

async function doIt(
  prepared: Prepared,
  { options, origin, redactor, guard, tolerances, others }: Doing,
): Promise<Findings | undefined> {
  const sources = sourcesOf(origin.own, others)
  const passingSignals = async <T>(work: (relay: SignalRelay) => Promise<T>) => {
    guard.off()
    const relay = new SignalRelay()
    return await work(relay).finally(() => {
      relay.stop()
      guard.on()
    })
  }
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
  { options, redactor, tolerances, keep }: Doing,
): Promise<number> {
  if (!findings) {
    report(context, 'interrupted; nothing is recorded')
    return 130
  }
  const { id, record } = await keep(prepared, findings, { redactor, tolerances })
  if (options.json) context.stdout.write(`${JSON.stringify({ id, ...record }, null, 2)}\n`)
  else context.stdout.write(`prov: ${replayBody(record, painter(false)).join('\n')}\n`)
  return exits[findings.verdict]
}

export function report({ stderr }: Context, text: string): void {
  stderr.write(`prov: ${escapeLine(text)}\n`)
}
