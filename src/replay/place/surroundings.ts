import { existsSync, lstatSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { collectEnvironment } from '../../collect/environment.ts'
import type { Config } from '../../config/config.ts'
import type { Context } from '../../context.ts'
import type { Variables } from '../../git/environment.ts'
import type { Redactor } from '../../privacy/redact.ts'
import type { BuiltEnvironment } from '../../records/environment.ts'
import { withoutGitCore } from '../../run/child-environment.ts'

/** Names of folders that packages are installed in, beside the code and not part of it. */
export const installed = { python: ['.venv', 'venv', 'env'], others: ['node_modules', 'renv/library'] }

interface Links {
  /** Top of the user's work tree. */
  from: string
  /** Folders in it, besides the top. */
  folders: readonly string[]
  names: readonly string[]
  /** What to link instead, for each of them. */
  instead?: string
}

/**
 * Links the packages installed in the user's work tree into the workspace, so that the command sees them there too. A link
 * never hides a file that the code itself has.
 */
export function linkInstalled(top: string, { from, folders, names, instead }: Links): void {
  for (const folder of new Set(['.', ...folders])) {
    for (const name of names) {
      const [there, here] = [join(from, folder, name), join(top, folder, name)]
      if (existsSync(there) && existsSync(join(top, folder)) && !lstatSync(here, { throwIfNoEntry: false }))
        link(instead ?? there, here)
    }
  }
}

function link(from: string, to: string): void {
  try {
    symlinkSync(from, to)
  } catch {
    // If it fails, the missing package shows in the environment.
  }
}

/** The environment seen by a command started in the workspace. */
export async function environmentIn(
  { root, cacheDir, env }: { root: string; cacheDir: string; env: Variables },
  config: Config,
  redactor: Redactor,
): Promise<BuiltEnvironment> {
  return await collectEnvironment({
    root,
    env,
    systemRoot: '/',
    variables: config.environment.variables,
    redactor,
    deadline: Date.now() + 10_000,
    cacheDir,
  })
}

/** The user's variables and ours, without those git set for us. */
export function replayVariables(
  { env }: Context,
  { id, events, folder }: { id: string; events: string; folder: string },
): Variables {
  const { GIT_DIR, GIT_WORK_TREE, GIT_PREFIX, GIT_INDEX_FILE, GIT_PROV_RUN, ...rest } = env
  const path = rest.PATH === undefined ? {} : { PATH: withoutGitCore(rest.PATH) }
  return { ...rest, ...path, PWD: folder, GIT_PROV_REPLAY: id, GIT_PROV_EVENTS: events }
}

/** The same with a Python environment first on PATH. */
export function withPython(env: Variables, prefix: string): Variables {
  const { PYTHONHOME, CONDA_PREFIX, ...rest } = env
  return { ...rest, VIRTUAL_ENV: prefix, PATH: `${join(prefix, 'bin')}${delimiter}${env.PATH ?? ''}` }
}
