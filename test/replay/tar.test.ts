import { describe, expect, it } from 'vitest'
import { parseByteSize } from '../../src/base/parse-byte-size.ts'
import { quoteWords } from '../../src/base/shell-quote.ts'
import { packTar, unpackTar } from '../../src/replay/tar.ts'

describe('an archive', () => {
  const long = `${'folder/'.repeat(30)}größe.csv`
  it('gives back what it was made of, long and odd names too', () => {
    const entries = [
      { path: 'a/b.txt', bytes: Buffer.from('hello\n'), executable: false },
      { path: 'empty', bytes: Buffer.alloc(0), executable: true },
      { path: long, bytes: Buffer.alloc(1024, 7), executable: false },
    ]
    expect(unpackTar(packTar(entries))).toEqual(entries)
    expect(packTar(entries).length % 512).toBe(0)
  })

  it('that is cut short says so; anything else gives nothing', () => {
    const whole = packTar([{ path: 'a', bytes: Buffer.alloc(2000) }])
    expect(() => unpackTar(whole.subarray(0, 1024))).toThrow('cut short')
    expect(unpackTar(Buffer.from('no archive'))).toEqual([])
  })
})

it.each([
  ['100MB', 100_000_000],
  ['1.5 gb', 1_500_000_000],
  ['4096', 4096],
])('%s is %i bytes', (text, bytes) => expect(parseByteSize(text, '--max-size')).toBe(bytes))

it.each([
  [['a', '--b=c', 'd/e.f'], 'a --b=c d/e.f'],
  [["it's", '', '$HOME', 'a b', '`x`', 'ü\n'], "'it'\\''s' '' '$HOME' 'a b' '`x`' 'ü\n'"],
])('%j is quoted for a shell', (words, line) => expect(quoteWords(words)).toBe(line))
