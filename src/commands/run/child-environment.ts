import { mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Variables } from '../../git/environment.ts'
import { runFolder } from '../../ledger/active-runs.ts'
import type { Scene } from './scene.ts'

/** Where a run's command may append metrics. */
function eventsFile({ local }: Pick<Scene, 'local'>, runId: string): string {
  return join(runFolder(local, runId), 'events.jsonl')
}

/** The user's environment as it was, and our few variables. */
export function childEnvironment(scene: Scene, runId: string, id: string): Variables {
  const { env } = scene.context
  const events = eventsFile(scene, runId)
  const ours = { GIT_PROV_RUN: id, ...(makeFolder(runFolder(scene.local, runId)) && { GIT_PROV_EVENTS: events }) }
  return { ...env, ...ours, ...(env.PATH !== undefined && { PATH: withoutGitCore(env.PATH) }) }
}

function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true })
    return true
  } catch {
    return false
  }
}

/** `git prov` starts us with git's own programs put before everything on PATH (git(1), --exec-path). */
function withoutGitCore(path: string): string {
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
