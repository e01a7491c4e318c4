import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { messageOf, ProvError } from '../../base/errors.ts'
import { ensureDir, type LocalDir } from './local-dir.ts'

/** Who holds the lock. `start` is the process's start time in clock ticks (proc(5), stat field 22). */
export interface LockHolder {
  pid: number
  host: string
  start: string
}

/**
 * Runs `work` while holding the clone's fold lock; returns undefined when it could not be had before `deadline`
 * (ms since the epoch), or when `stillNeeded` says that whoever held it has done our work. The lock only spares
 * writers from racing: what makes folding correct is that the refs move from a known value.
 */
export async function withLock<T>(
  local: LocalDir,
  deadline: number,
  stillNeeded: () => boolean,
  work: () => Promise<T>,
): Promise<T | undefined> {
  ensureDir(local.path)
  for (let tries = 0; !take(local.lock); tries++) {
    if (!stillNeeded() || Date.now() >= deadline) return undefined
    const holder = readHolder(local.lock)
    if (holder && isGone(holder)) rmSync(local.lock, { force: true })
    else await sleep(Math.min(5 * 1.5 ** tries, 100) * (0.5 + Math.random()))
  }
  try {
    return await work()
  } finally {
    rmSync(local.lock, { force: true })
  }
}

/** A link and not an exclusive create: the lock is there with its holder's name in it, or not at all. */
function take(path: string): boolean {
  // Most of those who ask many times find it held: a look costs less than a try.
  if (existsSync(path)) return false
  const own = `${path}.${process.pid}`
  try {
    writeFileSync(own, JSON.stringify(holderOf(process.pid)))
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new ProvError('io', `cannot write ${path}: ${messageOf(error)}`, { cause: error })
  } finally {
    rmSync(own, { force: true })
  }
}

/** A process of this machine, so that it can be told later whether it is still the same one. */
export function holderOf(pid: number): LockHolder {
  return { pid, host: hostname(), start: statOf(pid).start }
}

/** Who holds the lock, as far as it can be read. */
export function readHolder(path: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as LockHolder
    return typeof holder.pid === 'number' ? holder : undefined
  } catch {
    return undefined
  }
}

/** True when the holder ran on this machine and runs no more. Another host's lock is never judged. */
export function isGone(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  const { state, start } = statOf(holder.pid)
  if (state === 'Z' || state === 'X') return true
  return start !== '' && holder.start !== '' && start !== holder.start
}

/** State and start time (proc(5), stat fields 3 and 22). In a container nobody may wait for an orphan: it stays as Z. */
function statOf(pid: number): { state: string; start: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', start: fields[19] ?? '' }
  } catch {
    return { state: '', start: '' }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
