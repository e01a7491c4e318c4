/** Words quoted for a POSIX shell (Shell Command Language, 2.2.2), but only where they need it. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ')
}

export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
