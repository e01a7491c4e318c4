import { git, type Place } from './run.ts'

/** Commits that some tips have and a branch has not. */
export interface Ahead {
  /** The tips that have any. */
  missing: Set<string>
  /** Those of them that no other of them holds. */
  tips: Set<string>
  /** Some begin a history of their own, or are cut off from it. */
  hasRoot: boolean
}

/** What tips have that a branch has not, in one process whatever their number. Throws `git`. */
export function readAhead(place: Place, branch: string, tips: readonly string[]): Ahead {
  const parents = new Map<string, string[]>()
  const lines = git(place, ['rev-list', '--parents', ...tips, `^${branch}`, '--'])
    .toString('latin1')
    .split('\n')
  for (const line of lines) {
    const [commit, ...others] = line.split(' ')
    if (commit) parents.set(commit, others)
  }
  const held = new Set([...parents.values()].flat())
  const missing = tips.filter((tip) => parents.has(tip))
  return {
    missing: new Set(missing),
    tips: new Set(missing.filter((tip) => !held.has(tip))),
    hasRoot: [...parents.values()].some((others) => others.length === 0),
  }
}
