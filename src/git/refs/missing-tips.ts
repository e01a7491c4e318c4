import { gitFailed, gitResult, type Place, spawnGit } from '../run.ts'

/** Commits that some tips have and a branch has not. */
export interface MissingTips {
  /** The tips that have any. */
  missing: Set<string>
  /** Those of them that no other of them holds. */
  tips: Set<string>
  /** Some begin a history of their own, or are cut off from it. */
  hasRoot: boolean
}

/** What tips have that a branch has not, in one process whatever their number. Throws `git`. */
export async function readMissingTips(place: Place, branch: string, tips: readonly string[]): Promise<MissingTips> {
  const parents = new Map<string, string[]>()
  const args = ['rev-list', '--parents', ...tips, `^${branch}`, '--']
  const { status, stdout, stderr } = await gitResult(spawnGit(place, args), place)
  if (status !== 0) throw gitFailed(args, stderr)
  for (const line of stdout.toString('latin1').split('\n')) {
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
