import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import type { Variables } from '../git/environment.ts'
import { runFile } from './active-runs.ts'
import type { Session } from './session.ts'

/** The user's environment, plus our few variables. */
export function childEnvironment({ context, local }: Session, runId: string, id: string): Variables {
  const { env } = context
  const ours = { GIT_PROV_RUN: id, GIT_PROV_EVENTS: runFile(local, runId, 'events.jsonl') }
  return { ...env, ...ours, ...(env.PATH !== undefined && { PATH: withoutGitCore(env.PATH) }) }
}

/** git starts us with its own programs first on PATH (git(1), --exec-path). */
export function withoutGitCore(path: string): string {
  const [first = '', ...rest] = path.split(delimiter)
  return /\/git-core\/?$/.test(first) && parentIsGit() ? rest.join(delimiter) : path
}

function parentIsGit(): boolean {
  try {
    return readFileSync(`/proc/${process.ppid}/comm`, 'latin1').trim() === 'git'
  } catch {
    return false
  }
}
