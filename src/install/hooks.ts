import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Repository } from '../git/repository.ts'
import { git, tryGit } from '../git/run.ts'
import {
  addBlock,
  type HookName,
  type HookPlace,
  hasBlock,
  hookNames,
  hookScript,
  isOurScript,
  removeBlock,
} from './hook-script.ts'
import type { Journal } from './journal.ts'
import { addLefthookJob, lefthookManages, removeLefthookJobs } from './lefthook.ts'

/** What manages the hooks of a repository: git itself or a hook manager. */
export type HookManager = 'git' | 'husky' | 'lefthook' | 'pre-commit' | 'shared folder'

/** The state of one hook. */
export interface HookState {
  name: HookName
  path: string
  state: 'installed' | 'absent' | 'overwritten' | 'moved'
}

/** Where git looks for hooks (including core.hooksPath and linked work trees). */
export function hooksFolder(repository: Repository): string {
  // Not through git(): our own processes run with core.hooksPath off.
  const configured = tryGit(repository, ['config', '--type=path', 'core.hooksPath'])
  const path = configured.status === 0 ? configuredPath(repository) : undefined
  return path ?? join(repository.commonDir, 'hooks')
}

function configuredPath(repository: Repository): string | undefined {
  const text = git(repository, ['config', '--type=path', '-z', '--show-scope', '--get-all', 'core.hooksPath']).toString(
    'utf8',
  )
  const parts = text.split('\0')
  const values = parts.flatMap((part, index) =>
    index % 2 === 0 && parts[index + 1] !== undefined && part !== 'command' ? [parts[index + 1] as string] : [],
  )
  const last = values.at(-1)
  return last === undefined || last === '' ? undefined : resolve(repository.workTree ?? repository.gitDir, last)
}

export function detectManager(repository: Repository): HookManager {
  const folder = hooksFolder(repository)
  const top = repository.workTree
  if (top && /(^|\/)\.husky(\/_)?$/.test(relative(top, folder))) return 'husky'
  if (top && isBelow(top, folder)) return 'shared folder'
  if (top && lefthookManages(top)) return 'lefthook'
  return existsSync(join(folder, 'pre-commit')) && /pre-commit\.com/.test(readOr(join(folder, 'pre-commit')))
    ? 'pre-commit'
    : 'git'
}

const isBelow = (top: string, folder: string) => {
  const path = relative(top, folder)
  return path !== '' && !path.startsWith('..') && !path.startsWith('.git/')
}

const readOr = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Installs every hook alongside existing ones. Returns whether anything changed. */
export async function installHooks(repository: Repository, journal: Journal, place: HookPlace): Promise<boolean> {
  const manager = detectManager(repository)
  const folder = hooksFolder(repository)
  const changed: boolean[] = []
  for (const name of hookNames) {
    if (manager === 'husky')
      changed.push(installShared(journal, join(repository.workTree as string, '.husky', name), name))
    else if (manager === 'shared folder') changed.push(installShared(journal, join(folder, name), name))
    else if (manager === 'lefthook' && lefthookManages(repository.workTree as string, name))
      changed.push(await addLefthookJob(journal, repository.workTree as string, name))
    else changed.push(installPlain(journal, folder, name, place))
  }
  return changed.includes(true)
}

function installShared(journal: Journal, path: string, name: HookName): boolean {
  const text = readOr(path)
  const head = text === '' && !path.includes('.husky') ? '#!/bin/sh\n' : ''
  return journal.write(path, addBlock(head + text, name), 0o755)
}

/** Our script takes the hook's name; an existing hook is renamed unchanged, and called first. */
function installPlain(journal: Journal, folder: string, name: HookName, place: HookPlace): boolean {
  const path = join(folder, name)
  const before = `${path}.before-git-prov`
  if (existsSync(path) && !isOurScript(readOr(path))) {
    journal.remember(path, readFileSync(path), hookScript(name, place))
    mkdirSync(folder, { recursive: true })
    renameSync(path, before)
  }
  return journal.write(path, hookScript(name, place), 0o755)
}

/** Removes the hooks; a hook that was there before gets its name and bytes back. */
export function uninstallHooks(repository: Repository, journal: Journal): void {
  const folder = hooksFolder(repository)
  for (const name of hookNames) {
    const path = join(folder, name)
    const before = `${path}.before-git-prov`
    const shared = repository.workTree ? join(repository.workTree, '.husky', name) : path
    for (const file of new Set([path, shared])) {
      if (!journal.restore(file) && hasBlock(readOr(file))) journal.write(file, removeBlock(readOr(file)))
    }
    if (existsSync(before)) renameSync(before, path)
  }
  if (repository.workTree) removeLefthookJobs(journal, repository.workTree)
}

/** The state of each hook, for doctor. */
export function inspectHooks(repository: Repository, place: HookPlace): HookState[] {
  const manager = detectManager(repository)
  const folder = hooksFolder(repository)
  return hookNames.map((name) => {
    if (manager === 'lefthook' && lefthookManages(repository.workTree as string, name)) {
      const jobs = readOr(join(repository.workTree as string, 'lefthook-local.yml'))
      return { name, path: 'lefthook-local.yml', state: jobs.includes(`hook ${name}`) ? 'installed' : 'absent' }
    }
    const path = manager === 'husky' ? join(repository.workTree as string, '.husky', name) : join(folder, name)
    const text = readOr(path)
    if (manager === 'husky' || manager === 'shared folder')
      return { name, path, state: hasBlock(text) ? 'installed' : 'absent' }
    const ours = [path, `${path}.legacy`].map(readOr).find(isOurScript)
    if (!ours) return { name, path, state: text === '' ? 'absent' : 'overwritten' }
    const paths = pathsIn(ours)
    return {
      name,
      path,
      state: paths.every((file) => existsSync(file)) && paths.includes(place.hook) ? 'installed' : 'moved',
    }
  })
}

/** The absolute paths written into a hook. */
function pathsIn(script: string): string[] {
  return [...script.matchAll(/^(?:node|hook)='(.*)'$/gm)].map((match) => (match[1] as string).replaceAll("'\\''", "'"))
}
