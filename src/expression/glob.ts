/**
 * Whether a pattern with `*` (any characters) and `?` (one) matches a whole text, ignoring case. Linear in the text for
 * each star, so that no pattern can make it slow.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [want, have] = [pattern.toLowerCase(), text.toLowerCase()]
  let [at, from, star, resume] = [0, 0, -1, 0]
  while (from < have.length) {
    if (want[at] === '*') [star, resume, at] = [at, from, at + 1]
    else if (at < want.length && (want[at] === '?' || want[at] === have[from])) [at, from] = [at + 1, from + 1]
    else if (star >= 0) [at, from, resume] = [star + 1, resume + 1, resume + 1]
    else return false
  }
  while (want[at] === '*') at += 1
  return at === want.length
}
