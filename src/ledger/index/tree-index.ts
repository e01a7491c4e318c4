import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { localDir } from '../local/local-dir.ts'
import type { Settings } from '../local/settings.ts'
import { readRecords } from '../read/read.ts'

/** Captured commits by tree, for commits without a capture of their own. Cached in the local folder. */
export class TreeIndex {
  readonly #commits: Map<string, string[]>

  private constructor(commits: Map<string, string[]>) {
    this.#commits = commits
  }

  /** Rebuilt when the branch has moved since it was cached. */
  static async open(repository: Repository, settings: Settings): Promise<TreeIndex> {
    const file = join(localDir(repository).cache, 'tree-commits.json')
    const tip = tryGit(repository, ['rev-parse', '--verify', '--quiet', settings.branchRef])
      .stdout.toString('utf8')
      .trim()
    const kept = readKept(file, tip)
    if (kept) return new TreeIndex(kept)
    const commits = new Map<string, string[]>()
    if (tip) {
      for await (const outcome of readRecords(repository, ['capture'])) {
        const about = 'stored' in outcome ? outcome.stored.record.about : undefined
        if (!about) continue
        const same = commits.get(about.tree)
        if (!same) commits.set(about.tree, [about.commit])
        else if (!same.includes(about.commit)) same.push(about.commit)
      }
    }
    replaceFile(file, JSON.stringify({ tip, commits: [...commits] }))
    return new TreeIndex(commits)
  }

  find(tree: string): readonly string[] {
    return this.#commits.get(tree) ?? []
  }
}

function readKept(file: string, tip: string): Map<string, string[]> | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { tip: string; commits: [string, string[]][] }
    return kept.tip === tip ? new Map(kept.commits) : undefined
  } catch {
    return undefined
  }
}
