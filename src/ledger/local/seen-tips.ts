import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import { localDir } from './local-dir.ts'

// The last tip of the branch that each remote was seen with, by its URL: what a remote once had and has no more was
// taken away by somebody, since nothing here is ever force-pushed.
const file = (repository: Repository) => join(localDir(repository).path, 'seen-tips.json')

export function readSeenTip(repository: Repository, url: string): string | undefined {
  const tip = readAll(repository)[url]
  return typeof tip === 'string' && /^[0-9a-f]{40,64}$/.test(tip) ? tip : undefined
}

export function writeSeenTip(repository: Repository, url: string, tip: string | undefined): void {
  const all = readAll(repository)
  if (!tip || all[url] === tip) return
  replaceFile(file(repository), JSON.stringify({ ...all, [url]: tip }))
}

function readAll(repository: Repository): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file(repository), 'utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}
