import { expect, it } from 'vitest'
import { escapeLine, escapeText } from '../../src/base/escape.ts'

it.each([
  ['clears the screen', '\u001b[2J', '\\x1b[2J'],
  ['rings', 'a\u0007b', 'a\\x07b'],
  ['goes back over what stands there', 'ok\rno', 'ok\\x0dno'],
  ['rubs out', 'a\u007f', 'a\\x7f'],
  ['is a control sequence in one byte', '\u009b31m', '\\x9b31m'],
  ['turns the reading direction', 'a\u202eb', 'a\\u{202e}b'],
  ['isolates a direction', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['marks a direction', '\u200ea\u200fb\u061c', '\\u{200e}a\\u{200f}b\\u{61c}'],
  ['ends a line to some readers', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  ['marks the order of bytes', '\ufeffa', '\\u{feff}a'],
])('what %s is shown, not done', (_, text, shown) => {
  expect(escapeLine(text)).toBe(shown)
  expect(escapeText(text)).toBe(shown)
})

it('letters of any script stay as they are', () => {
  const text = 'naïve 日本語 עברית العربية 👩‍👩‍👧 e\u0301'
  expect(escapeLine(text)).toBe(text)
})

it('newline and tab stay in a text, and are shown on one line', () => {
  expect(escapeText('a\n\tb')).toBe('a\n\tb')
  expect(escapeLine('a\n\tb')).toBe('a\\n\\tb')
})
