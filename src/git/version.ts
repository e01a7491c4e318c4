import { ProvError } from '../base/errors.ts'
import { gitText, type Place } from './run.ts'

const least = [2, 31] as const

/** The running git's version as numbers. */
function gitVersion(place: Place): [number, number] {
  const match = gitText(place, ['version']).match(/(\d+)\.(\d+)/)
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)]
}

/** Throws `git-too-old` below the oldest git version known to work. */
export function requireGitVersion(place: Place): void {
  const [major, minor] = gitVersion(place)
  if (major > least[0] || (major === least[0] && minor >= least[1])) return
  throw new ProvError('git-too-old', `git ${major}.${minor} is too old; git-prov needs ${least.join('.')} or later`, {
    hint: 'https://git-scm.com/downloads',
  })
}
