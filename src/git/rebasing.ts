import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

/** Whether a rebase (or an am) is stopped or running in this work tree (gitrepository-layout(5)). */
export function isRebasing({ gitDir }: Repository): boolean {
  return existsSync(join(gitDir, 'rebase-merge')) || existsSync(join(gitDir, 'rebase-apply'))
}
