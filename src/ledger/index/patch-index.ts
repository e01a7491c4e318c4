import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { localDir } from '../local/local-dir.ts'
import type { Settings } from '../local/settings.ts'
import { readRecords } from '../read/read.ts'

/** The commits of a branch taken as one change. */
export interface PatchRange {
  base: string
  head: string
  commits: number
}

interface Kept {
  tree: string
  /** Seconds since the epoch of the oldest commit known. */
  since: number
  /** Patch id to commits. */
  patches: Record<string, string[]>
  ranges: Record<string, PatchRange[]>
}

/** The patch ids in the branch's records. Cached in the local folder and rebuilt when such a record is added. */
export class PatchIndex {
  readonly #kept: Kept
  readonly #commits: Set<string>
  readonly #heads: Set<string>

  private constructor(kept: Kept) {
    this.#kept = kept
    this.#commits = new Set(Object.values(kept.patches).flat())
    this.#heads = new Set(
      Object.values(kept.ranges).flatMap((ranges) => ranges.map(({ base, head }) => `${base} ${head}`)),
    )
  }

  static async open(repository: Repository, settings: Settings): Promise<PatchIndex> {
    const file = join(localDir(repository).cache, 'patches.json')
    const tree = tryGit(repository, ['rev-parse', '--verify', '--quiet', `${settings.branchRef}:records/patches`])
      .stdout.toString('utf8')
      .trim()
    const kept = readKept(file)
    if (kept?.tree === tree) return new PatchIndex(kept)
    const made = await collect(repository, tree)
    replaceFile(file, JSON.stringify(made))
    return new PatchIndex(made)
  }

  get isEmpty(): boolean {
    return this.#commits.size === 0 && this.#heads.size === 0
  }

  /** Seconds since the epoch; no commit derived from a known one is older. */
  get since(): number {
    return this.#kept.since
  }

  knows(commit: string): boolean {
    return this.#commits.has(commit)
  }

  knowsRange(base: string, head: string): boolean {
    return this.#heads.has(`${base} ${head}`)
  }

  commitsOf(patch: string): readonly string[] {
    return this.#kept.patches[patch] ?? []
  }

  rangesOf(patch: string): readonly PatchRange[] {
    return this.#kept.ranges[patch] ?? []
  }
}

async function collect(repository: Repository, tree: string): Promise<Kept> {
  const kept: Kept = { tree, since: Number.MAX_SAFE_INTEGER, patches: Object.create(null), ranges: Object.create(null) }
  if (tree === '') return kept
  for await (const outcome of readRecords(repository, ['patches'])) {
    if (!('stored' in outcome) || outcome.stored.record.kind !== 'patches') continue
    const { since, patches, ranges } = outcome.stored.record
    kept.since = Math.min(kept.since, Date.parse(since) / 1000)
    for (const { commit, patch } of patches) kept.patches[patch] = [...(kept.patches[patch] ?? []), commit]
    for (const { patch, base, head, commits } of ranges ?? [])
      kept.ranges[patch] = [...(kept.ranges[patch] ?? []), { base, head, commits }]
  }
  return kept
}

function readKept(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept
  } catch {
    return undefined
  }
}
