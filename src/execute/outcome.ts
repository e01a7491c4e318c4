import { constants } from 'node:os'
import type { RunOutcome } from '../generated/types.ts'

/** How a command ended. */
export type Ending = { exitCode: number } | { signal: NodeJS.Signals } | { notStarted: string; exitCode: number }

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * The outcome to record. `received`: signals that arrived while it ran; a command that handles one and exits with its
 * own status was interrupted all the same. `oom`: the OOM killer hit our control group.
 */
export function outcomeOf(ending: Ending, received: readonly NodeJS.Signals[], oom: boolean): RunOutcome {
  if ('notStarted' in ending) return { status: 'not-started', exitCode: ending.exitCode, reason: ending.notStarted }
  if ('signal' in ending) {
    const { signal } = ending
    if (oom && signal === 'SIGKILL') return { status: 'out-of-memory', signal }
    return { status: interrupts.includes(signal) ? 'interrupted' : 'killed', signal }
  }
  const { exitCode } = ending
  if (exitCode === 0) return { status: 'ok', exitCode }
  if (oom && exitCode === 128 + constants.signals.SIGKILL) return { status: 'out-of-memory', exitCode }
  const by = received.find((signal) => interrupts.includes(signal))
  return by ? { status: 'interrupted', exitCode, signal: by } : { status: 'failed', exitCode }
}
