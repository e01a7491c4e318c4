import { expect, it } from 'vitest'
import { quoteWords } from '../../src/base/shell-quote.ts'

it.each([
  [['a', '--b=c', 'd/e.f'], 'a --b=c d/e.f'],
  [["it's", '', '$HOME', 'a b', '`x`', 'ü\n'], "'it'\\''s' '' '$HOME' 'a b' '`x`' 'ü\n'"],
])('%j is quoted for a shell', (words, line) => expect(quoteWords(words)).toBe(line))
