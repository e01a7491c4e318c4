import type { GitResult, Place } from '../run.ts'
import { gitResult, spawnGit } from '../run.ts'

export interface TransferOptions {
  /** ms since the epoch; a process still running then is ended. */
  deadline: number
  /** Somebody sits at a terminal, whom git may ask for a password. */
  ask?: boolean
  /** git's own words on how far it is, a line at a time; without it git is quiet. */
  onProgress?: (line: string) => void
  /** git says on stderr which refs a fetch moved. */
  tells?: true
  /** Ends it before its time. */
  signal?: AbortSignal
}

// What the user's own fetches and pushes look after is not started by ours.
const calm = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', '-c', 'advice.fetchShowForcedUpdates=false']

/** Runs a git command that talks to a remote. Without anybody to ask for a password git fails and says so. */
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
