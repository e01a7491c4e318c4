import { type ChildProcess, spawn } from 'node:child_process'
import type { RunOutcome, Usage } from '../generated/types.ts'
import { AcceleratorWatch } from './accelerator-watch.ts'
import { oomKills } from './out-of-memory.ts'
import { type Ending, outcomeOf } from './outcome.ts'
import { PeakMemory } from './peak-memory.ts'
import { childrenTimes } from './process-stat.ts'
import type { SignalRelay } from './signals.ts'

export interface ExecuteRequest {
  command: readonly string[]
  /** Absolute. */
  folder: string
  env: Readonly<Record<string, string | undefined>>
  relay: SignalRelay
  /** stderr: the command's standard output goes to stderr too. */
  output?: 'stderr'
  /** Called with the process id once the command has started. */
  onStart?(pid: number): void
}

export interface Execution {
  started: Date
  ended: Date
  ending: Ending
  outcome: RunOutcome
  usage: Usage
}

/**
 * Runs a command as a shell would: with our streams, terminal and process group. Returns when it has ended; never throws.
 * CPU times are exact for every process the command waited for (proc(5), cutime and cstime); memory and accelerators
 * are sampled.
 */
export async function execute(request: ExecuteRequest): Promise<Execution> {
  const { command, env, relay } = request
  const [program = '', ...args] = command
  const kills = oomKills()
  const started = new Date()
  const clock = process.hrtime.bigint()
  let before = childrenTimes()
  const child = start(program, args, request)
  const pid = 'pid' in child ? child.pid : undefined
  relay.target = pid
  if (pid !== undefined) request.onStart?.(pid)
  const memory = pid === undefined ? undefined : new PeakMemory(pid)
  // Resets the baseline, so that the CPU time of nvidia-smi is not counted as the command's.
  const watch = pid === undefined ? undefined : new AcceleratorWatch(env, () => (before = childrenTimes()))
  const ending = 'notStarted' in child ? child : await endOf(child)
  const wallSeconds = Number(process.hrtime.bigint() - clock) / 1e9
  relay.target = undefined
  const times = childrenTimes()
  const maxResidentBytes = memory?.stop()
  const accelerators = watch?.stop()
  const oom = kills !== undefined && (oomKills() ?? 0) > kills
  return {
    started,
    ended: new Date(),
    ending,
    outcome: outcomeOf(ending, relay.received, oom),
    usage: {
      wallSeconds: round(wallSeconds),
      ...(before && times && { userSeconds: round(times.user - before.user) }),
      ...(before && times && { systemSeconds: round(times.system - before.system) }),
      ...(maxResidentBytes !== undefined && { maxResidentBytes }),
      ...(accelerators && { accelerators }),
    },
  }
}

const round = (seconds: number) => Math.max(0, Math.round(seconds * 1000) / 1000)

type Started = ChildProcess | Extract<Ending, { notStarted: string }>

function start(program: string, args: string[], { folder, env, output }: ExecuteRequest): Started {
  try {
    return spawn(program, args, { cwd: folder, env, stdio: output === 'stderr' ? ['inherit', 2, 2] : 'inherit' })
  } catch (error) {
    return notStarted(program, error as NodeJS.ErrnoException)
  }
}

function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve(notStarted(child.spawnfile, error))
    })
    child.on('exit', (exitCode, signal) => resolve(signal ? { signal } : { exitCode: exitCode ?? 0 }))
  })
}

/** As in shells (POSIX, Shell Command Language 2.8.2): 127 not found, 126 found but not executable. */
function notStarted(
  program: string,
  { code, message }: NodeJS.ErrnoException,
): Extract<Ending, { notStarted: string }> {
  if (code === 'ENOENT') return { notStarted: `${program}: command not found`, exitCode: 127 }
  if (code === 'EACCES') return { notStarted: `${program}: permission denied`, exitCode: 126 }
  return { notStarted: `${program}: ${code === 'E2BIG' ? 'argument list too long' : message}`, exitCode: 126 }
}
