/** Words as a POSIX shell reads them back (Shell Command Language, 2.2.2): plain where they may stand so. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ')
}

export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
