import { type Place, tryGit } from '../run.ts'

/**
 * The merge that brought a commit into HEAD's first-parent history; undefined when the commit was made there, or is not
 * in HEAD's history.
 */
export function mergeThatBrought(place: Place, commit: string): string | undefined {
  const args = ['rev-list', '--ancestry-path', '--parents', `${commit}..HEAD`]
  const lines = tryGit(place, args).stdout.toString('latin1').split('\n').filter(Boolean)
  const firstParents = new Map(lines.map((line) => line.split(' ', 2) as [string, string]))
  let [at] = firstParents.keys()
  while (at !== undefined) {
    const below: string | undefined = firstParents.get(at)
    if (below === commit) return undefined
    if (below === undefined || !firstParents.has(below)) return at
    at = below
  }
  return undefined
}
