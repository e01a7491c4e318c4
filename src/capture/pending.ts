import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalDir } from '../ledger/local/local-dir.ts'

/** A commit whose capture has an unfinished dataset, and when it was made, in ns since the epoch. */
export interface PendingCommit {
  commit: string
  committedAt: bigint
}

const folder = (local: LocalDir) => join(local.path, 'pending')

export function markPending(local: LocalDir, { commit, committedAt }: PendingCommit): void {
  mkdirSync(folder(local), { recursive: true })
  writeFileSync(join(folder(local), commit), `${committedAt}`)
}

export function clearPending(local: LocalDir, commit: string): void {
  rmSync(join(folder(local), commit), { force: true })
}

export function listPending(local: LocalDir): PendingCommit[] {
  let names: string[]
  try {
    names = readdirSync(folder(local)).filter((name) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name))
  } catch {
    return []
  }
  return names.map((commit) => ({ commit, committedAt: readMoment(join(folder(local), commit)) }))
}

function readMoment(file: string): bigint {
  try {
    return BigInt(readFileSync(file, 'utf8').trim())
  } catch {
    return 0n
  }
}
