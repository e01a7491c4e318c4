import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'
import { splitPath } from '../collect/datasets/glob.ts'
import type { Config } from '../config/config.ts'
import { formatRequests, type GitObject, parseFed } from '../git/objects/objects.ts'
import type { LocalDir } from '../ledger/local/local-dir.ts'
import type { Settings } from '../ledger/local/settings.ts'

// The post-commit hook script runs `git cat-file --batch` with the lines of this file while node is still starting, and
// pipes us the answers: what every capture reads is there when our first line runs.

/** Stores the list of objects that the next capture will read, when it has changed. */
export function keepRequests(local: LocalDir, settings: Settings, config: Config): void {
  const folders = config.datasets
    .map(({ path }) => splitPath(path).base)
    .map((base) => base.slice(0, Math.max(0, base.lastIndexOf('/'))))
  const names = [
    'HEAD',
    settings.branchRef,
    settings.notesRef,
    ...folders.map((folder) => `HEAD:${folder}`),
    ...config.parameters.map((path) => `HEAD:${path}`),
  ]
  const requests = formatRequests([...new Set(names)])
  const file = join(local.cache, 'asks')
  if (readOr(file) !== requests) replaceFile(file, requests)
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Objects that the hook script piped to our standard input. */
export function readPrefetched(): Map<string, GitObject> {
  try {
    return parseFed(readFileSync(0))
  } catch {
    return new Map()
  }
}
