import type { GitResult, Place } from '../run.ts'
import { gitResult, spawnGit } from '../run.ts'

export interface TransferOptions {
  /** ms since the epoch; a process still running then is killed. */
  deadline: number
  /** Whether git may ask for a password on a terminal. */
  ask?: boolean
  /** Receives git's progress output line by line; without it git is quiet. */
  onProgress?: (line: string) => void
  /** Makes git report on stderr which refs a fetch moved. */
  tells?: true
  /** Cancels the transfer. */
  signal?: AbortSignal
}

// Maintenance is left to the user's own fetches and pushes.
const calm = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', '-c', 'advice.fetchShowForcedUpdates=false']

/** Runs a git command that talks to a remote. When nobody can be asked for a password, git fails and says so. */
export async function transfer(
  place: Place,
  [command, ...args]: readonly [string, ...string[]],
  { deadline, ask, onProgress, tells, signal }: TransferOptions,
): Promise<GitResult> {
  const env = { ...place.env, ...(!ask && { GIT_TERMINAL_PROMPT: '0' }) }
  const shown =
    command === 'fetch' && !onProgress && !tells
      ? ['--quiet']
      : onProgress && command !== 'ls-remote'
        ? ['--progress']
        : []
  const child = spawnGit({ cwd: place.cwd, env }, [...calm, command, ...shown, ...args])
  child.stdin?.end()
  const timer = setTimeout(() => child.kill(), Math.max(0, deadline - Date.now()))
  child.stderr?.on('data', (chunk: Buffer) => onProgress?.(lastLine(chunk.toString('utf8'))))
  signal?.addEventListener('abort', () => child.kill(), { once: true })
  try {
    return await gitResult(child, place)
  } finally {
    clearTimeout(timer)
  }
}

function lastLine(text: string): string {
  return (
    text
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '')
      .at(-1) ?? ''
  )
}
