import { gitFailed, gitResult, type Place, spawnGit } from '../run.ts'

/** Tips that a branch lacks. */
export interface MissingTips {
  /** The tips that the branch does not contain. */
  missing: Set<string>
  /** Those of them that no other one contains. */
  tips: Set<string>
  /** Whether a commit that the branch lacks has no parent: a separate history, or a shallow one. */
  hasRoot: boolean
}

/** Finds what a branch lacks of any number of tips, in one process. Throws `git`. */
export async function readMissingTips(place: Place, branch: string, tips: readonly string[]): Promise<MissingTips> {
  const parents = new Map<string, string[]>()
  const args = ['rev-list', '--parents', ...tips, `^${branch}`, '--']
  const { status, stdout, stderr } = await gitResult(spawnGit(place, args), place)
  if (status !== 0) throw gitFailed(args, stderr)
  for (const line of stdout.toString('latin1').split('\n')) {
    const [commit, ...others] = line.split(' ')
    if (commit) parents.set(commit, others)
  }
  const parented = new Set([...parents.values()].flat())
  const missing = tips.filter((tip) => parents.has(tip))
  return {
    missing: new Set(missing),
    tips: new Set(missing.filter((tip) => !parented.has(tip))),
    hasRoot: [...parents.values()].some((others) => others.length === 0),
  }
}
