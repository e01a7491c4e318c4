import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { cleanEnvironment, type Variables } from './environment.ts'
import { type Place, tryGit } from './run.ts'

/** A repository located from a folder. All paths are absolute. It is a Place, so git commands can run in it. */
export interface Repository extends Place {
  gitDir: string
  /** The git directory shared by all linked work trees. */
  commonDir: string
  /** Top of the work tree; undefined in a bare repository. */
  workTree: string | undefined
  /** Hex digits of an object name: 40, or 64 in a SHA-256 repository. */
  oidLength: 40 | 64
}

/** Finds the repository of a folder. Throws `not-a-repository`. */
export function locateRepository(cwd: string, env: Variables): Repository {
  return locatePlain(cwd, env) ?? askGit(cwd, env)
}

/**
 * Reads the usual layout directly, without a process (gitrepository-layout(5)): `.git` is a folder, or a file naming one.
 * Anything unusual (variables, a subfolder, core.worktree, a bare repository) is left to git.
 */
function locatePlain(cwd: string, env: Variables): Repository | undefined {
  if (env.GIT_WORK_TREE || env.GIT_COMMON_DIR || env.GIT_CEILING_DIRECTORIES) return undefined
  try {
    const top = realpathSync(cwd)
    const dotGit = join(top, '.git')
    const gitDir = statSync(dotGit).isDirectory() ? dotGit : readLink(dotGit)
    if (env.GIT_DIR && realpathSync(resolve(cwd, env.GIT_DIR)) !== realpathSync(gitDir)) return undefined
    const commonDir = readCommonDir(gitDir)
    const config = readFileSync(join(commonDir, 'config'), 'utf8')
    if (/worktree|bare\s*=\s*(true|yes|on|1)/i.test(config)) return undefined
    readFileSync(join(gitDir, 'HEAD'))
    return inWorkTree(gitDir, commonDir, top, env, /objectformat\s*=\s*sha256/i.test(config) ? 64 : 40)
  } catch {
    return undefined
  }
}

function readLink(file: string): string {
  const match = readFileSync(file, 'utf8').match(/^gitdir: (.+)\n?$/)
  if (!match) throw new Error('not a gitdir file')
  return resolve(dirname(file), match[1] as string)
}

function readCommonDir(gitDir: string): string {
  try {
    return resolve(gitDir, readFileSync(join(gitDir, 'commondir'), 'utf8').trimEnd())
  } catch {
    return gitDir
  }
}

function askGit(cwd: string, env: Variables): Repository {
  const given: Record<string, string> = { ...cleanEnvironment(env) }
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR']) {
    const value = env[name]
    if (value !== undefined) given[name] = value
  }
  const place = { cwd, env: given }
  const found = tryGit(place, [
    'rev-parse',
    '--absolute-git-dir',
    '--git-common-dir',
    '--is-bare-repository',
    '--show-object-format',
  ])
  if (found.status !== 0) throw notARepository(cwd, found.stderr)
  const [gitDir, common, bare, format] = found.stdout.toString('utf8').split('\n') as [string, string, string, string]
  const oidLength = format === 'sha256' ? 64 : 40
  const commonDir = isAbsolute(common) ? common : resolve(cwd, common)
  if (bare === 'true')
    return {
      cwd: gitDir,
      env: { ...cleanEnvironment(env), GIT_DIR: gitDir },
      gitDir,
      commonDir,
      workTree: undefined,
      oidLength,
    }
  const top = tryGit(place, ['rev-parse', '--show-toplevel'])
  if (top.status !== 0) throw notARepository(cwd, top.stderr)
  return inWorkTree(gitDir, commonDir, top.stdout.toString('utf8').replace(/\n$/, ''), env, oidLength)
}

function inWorkTree(
  gitDir: string,
  commonDir: string,
  workTree: string,
  env: Variables,
  oidLength: 40 | 64,
): Repository {
  return {
    cwd: workTree,
    env: { ...cleanEnvironment(env), GIT_DIR: gitDir, GIT_WORK_TREE: workTree },
    gitDir,
    commonDir,
    workTree,
    oidLength,
  }
}

function notARepository(cwd: string, cause: string): ProvError {
  if (/dubious ownership/.test(cause)) {
    return new ProvError('not-a-repository', `git does not trust the owner of ${cwd}`, {
      cause: cause.trim(),
      hint: 'git config --global --add safe.directory <path>, if you do',
    })
  }
  return new ProvError('not-a-repository', `${cwd} is not inside a git repository`, {
    hint: 'git init, or cd into one',
    cause: cause.trim(),
  })
}
