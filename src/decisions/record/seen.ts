import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { currentBranch } from '../../git/refs/current-branch.ts'
import type { Repository } from '../../git/repository.ts'
import { reflogKey } from '../../ledger/local/backfilled.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { decisionsFolder } from '../model/slug.ts'

/**
 * Whether the decisions folder is unchanged on this branch since it was last recorded, and a way to mark it recorded.
 */
export async function readDecisionState(
  repository: Repository,
  objects: ObjectReader,
): Promise<{ isSeen: boolean; remember(): void }> {
  const file = join(localDir(repository).cache, 'decisions-seen')
  const folder = await objects.read(`HEAD:${decisionsFolder}`)
  const key = `${currentBranch(repository) ?? ''} ${folder?.oid}`
  return { isSeen: folder?.type !== 'tree' || readOr(file) === key, remember: () => replaceFile(file, key) }
}

/**
 * Whether there are no decisions here, or all were looked at. HEAD cannot move without a reflog entry, so while the
 * reflogs are unchanged, so is the answer.
 */
export async function areDecisionsSeen(repository: Repository, objects: ObjectReader): Promise<boolean> {
  const file = join(localDir(repository).cache, 'decisions-seen-at')
  const key = existsSync(join(repository.gitDir, 'logs/HEAD')) ? `${repository.gitDir} ${reflogKey(repository)}` : ''
  if (key !== '' && readOr(file) === key) return true
  const { isSeen } = await readDecisionState(repository, objects)
  if (isSeen && key !== '') replaceFile(file, key)
  return isSeen
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
