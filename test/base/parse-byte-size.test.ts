import { expect, it } from 'vitest'
import { parseByteSize } from '../../src/base/parse-byte-size.ts'

it.each([
  ['100MB', 100_000_000],
  ['1.5 gb', 1_500_000_000],
  ['4096', 4096],
])('%s is %i bytes', (text, bytes) => expect(parseByteSize(text, '--max-size')).toBe(bytes))
