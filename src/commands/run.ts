import type { Context } from '../context.ts'
import { execute } from '../execute/execute.ts'
import { dieBy, SignalRelay } from '../execute/signals.ts'
import { holderOf } from '../ledger/local/lock.ts'
import { abandonedRuns, writeActive } from '../run/active-runs.ts'
import { begin } from '../run/begin.ts'
import { childEnvironment } from '../run/child-environment.ts'
import { complain } from '../run/complain.ts'
import { end } from '../run/end.ts'
import { type RunOptions, toRunOptions } from '../run/options.ts'
import { laterSession, openSession, type Session } from '../run/session.ts'
import { beginTrace } from '../run/trace.ts'
import { splitCommand } from '../terminal/split-command.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov run`: the plan before, the command, the result after. Returns the command's own exit status. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { own, command } = splitCommand(spec, argv)
  const options = toRunOptions(parseWords(spec, own).flags, command)
  if (options.finish !== undefined) return await (await import('../run/queued.ts')).finishQueued(context, options)
  const session = await openSession(context)
  try {
    await closeOthers(session)
    return await carryOut(session, options)
  } finally {
    session.objects.close()
  }
}

/** Runs whose `git prov run` was killed are closed by whichever command comes next. */
async function closeOthers(session: Session): Promise<void> {
  if (abandonedRuns(session.local).length === 0) return
  const { closeAbandoned } = await import('../run/close-abandoned.ts')
  await closeAbandoned(session.context, session.objects).catch((error) => complain(session, error))
}

async function carryOut(session: Session, options: RunOptions): Promise<number> {
  const started = await begin(session, options)
  const { plan, active, kept, mlflow } = started
  if (options.start) return await (await import('../run/queued.ts')).startQueued(session, plan, active)
  const later = laterSession(session)
  const trace = options.trace ? await beginTrace(session, active.runId, options.command[0] as string) : undefined
  const relay = new SignalRelay()
  const execution = await execute({
    command: trace && 'wrap' in trace ? trace.wrap(options.command) : options.command,
    folder: session.context.cwd,
    env: { ...childEnvironment(session, active.runId, plan.stored.id), ...mlflow?.env },
    relay,
    onStart: (pid) => {
      writeActive(session.local, { ...active, child: holderOf(pid) })
      kept?.foldInBackground()
    },
  })
  const abort = new AbortController()
  relay.onLate = () => abort.abort()
  const after = later(abort.signal)
  await end(after, options, { ...started, trace }, execution)
  after.objects.close()
  relay.stop()
  const { ending } = execution
  return 'signal' in ending ? dieBy(ending.signal) : ending.exitCode
}
