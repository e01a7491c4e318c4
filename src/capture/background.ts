import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Context } from '../context.ts'

/** Starts git-prov in the background in its own session, so that it outlives the hook and can prompt nobody. */
export function spawnDetached(
  context: Context,
  program: 'hook.cjs' | 'git-prov.js',
  words: readonly string[],
): ChildProcess {
  const child = spawn(process.execPath, [join(dirname(realpathSync(context.program)), program), ...words], {
    cwd: context.cwd,
    env: { ...context.env, GIT_PROV_IN_HOOK: undefined },
    detached: true,
    stdio: 'ignore',
  })
  child.on('error', () => {})
  child.unref()
  return child
}
