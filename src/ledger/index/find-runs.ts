import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { classifyPath } from '../../records/layout.ts'
import { localDir } from '../local/local-dir.ts'
import { readSettings } from '../local/settings.ts'
import { listBranch } from '../read/read.ts'

/** The run record a word refers to; `several` when the word is too short. */
export type FoundRun = { id: string; path: string } | { several: number }

interface Kept {
  /** Name of the tree of run records. */
  tree: string
  found: Record<string, FoundRun>
}

/**
 * Finds run records by id prefix. Results are cached by the name of the tree of runs, so that a repeated search costs one
 * object read however many runs there are.
 */
export async function findRuns(
  repository: Repository,
  objects: ObjectReader,
  words: readonly string[],
): Promise<ReadonlyMap<string, FoundRun>> {
  if (words.length === 0) return new Map()
  const tree = await objects.read(`${readSettings(repository).branchRef}:records/run`)
  if (tree?.type !== 'tree') return new Map()
  const file = join(localDir(repository).cache, 'found-runs.json')
  const kept = readKept(file, tree.oid)
  const unknown = words.filter((word) => !Object.hasOwn(kept.found, word))
  if (unknown.length > 0) {
    const found = { ...kept.found, ...(await search(repository, unknown)) }
    replaceFile(file, JSON.stringify({ tree: tree.oid, found }))
    return new Map(Object.entries(found))
  }
  return new Map(Object.entries(kept.found))
}

function readKept(file: string, tree: string): Kept {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
    if (kept.tree === tree) return kept
  } catch {
    // no cache, or not ours
  }
  return { tree, found: {} }
}

async function search(repository: Repository, words: readonly string[]): Promise<Record<string, FoundRun>> {
  const found: Record<string, FoundRun> = {}
  const byStart = new Map<string, string[]>()
  for (const word of words) byStart.set(word.slice(0, 4), [...(byStart.get(word.slice(0, 4)) ?? []), word])
  for await (const { path } of listBranch(repository, ['records/run/'])) {
    const file = classifyPath(path)
    if (file?.kind !== 'record') continue
    for (const word of byStart.get(file.id.slice(0, 4)) ?? []) {
      if (!file.id.startsWith(word)) continue
      const before = found[word]
      found[word] =
        before === undefined ? { id: file.id, path } : { several: 'several' in before ? before.several + 1 : 2 }
    }
  }
  return found
}
