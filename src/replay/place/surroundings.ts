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
  /** Folders in it, beside the top. */
  folders: readonly string[]
  names: readonly string[]
  /** What stands in for each of them. */
  instead?: string
}

/**
 * Installed packages of the user's work tree are seen from the place as well, as they were from there: by a link each.
 * Nothing that the code itself brings is hidden by one.
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
    // What is missing will show in the environment.
  }
}

/** The environment a command started in the place sees. */
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

/** The user's variables, and ours; what git set for us is out. */
export function replayVariables(
  { env }: Context,
  { id, events, folder }: { id: string; events: string; folder: string },
): Variables {
  const { GIT_DIR, GIT_WORK_TREE, GIT_PREFIX, GIT_INDEX_FILE, GIT_PROV_RUN, ...rest } = env
  const path = rest.PATH === undefined ? {} : { PATH: withoutGitCore(rest.PATH) }
  return { ...rest, ...path, PWD: folder, GIT_PROV_REPLAY: id, GIT_PROV_EVENTS: events }
}

/** The same with a Python environment put before everything on PATH. */
export function withPython(env: Variables, prefix: string): Variables {
  const { PYTHONHOME, CONDA_PREFIX, ...rest } = env
  return { ...rest, VIRTUAL_ENV: prefix, PATH: `${join(prefix, 'bin')}${delimiter}${env.PATH ?? ''}` }
}
