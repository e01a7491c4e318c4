/** How many characters a policy's rule is matched against at a time. */
export const patternWindow = 4096

const most = 50_000

/**
 * Why a regular expression from a file in the repository is refused: it is invalid, or could backtrack without bound. No
 * group may repeat, and the ways its quantifiers can divide one window of text are limited.
 */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern)
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '')
  }
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\(\?<?[=!]/.test(bare)) return 'looks ahead or behind'
  if (/\\[1-9k]/.test(pattern)) return 'refers back to a group'
  if (/\)(?:[*+]|\{)/.test(bare)) return 'repeats a group'
  const ways = [...bare.matchAll(/[*+]|\{(\d+),(\d*)\}/g)].reduce(
    (product, [, from, to]) => product * (to ? Number(to) - Number(from) + 1 : patternWindow),
    1,
  )
  return ways > most ? 'repeats too much' : undefined
}
