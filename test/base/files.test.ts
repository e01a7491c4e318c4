import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceFile, writeAtomically, writeDurably } from '../../src/base/files.ts'
import { temporaryFolder } from '../support/repository.ts'

describe.each([
  ['replaceFile', replaceFile],
  ['writeAtomically', writeAtomically],
  ['writeDurably', writeDurably],
])('%s', (_, write) => {
  it('writes a file and the folders it lies in, and leaves nothing else', () => {
    const folder = temporaryFolder()
    write(join(folder, 'a/b/c'), 'one')
    write(join(folder, 'a/b/c'), Buffer.from('two'))
    expect(readFileSync(join(folder, 'a/b/c'), 'utf8')).toBe('two')
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c'])
  })
})

describe('where a folder stands in the place of the file', () => {
  const blocked = () => {
    const path = join(temporaryFolder(), 'x')
    mkdirSync(path)
    writeFileSync(join(path, 'kept'), '')
    return path
  }
  const left = (path: string) => readdirSync(join(path, '..'))

  it('a cache is given up without a word', () => {
    const path = blocked()
    expect([replaceFile(path, 'one'), left(path)]).toEqual([false, ['x']])
  })

  it('a file that was asked for is refused, with what to look at', () => {
    const path = blocked()
    expect(() => writeAtomically(path, 'one')).toThrow(
      expect.objectContaining({ code: 'io', hint: `ls -ld ${join(path, '..')}` }),
    )
    expect(() => writeAtomically(path, 'one', { hint: 'look' })).toThrow(expect.objectContaining({ hint: 'look' }))
    expect(left(path)).toEqual(['x'])
  })

  it('a file that must last is refused by the system’s own error', () => {
    const path = blocked()
    expect(() => writeDurably(path, 'one')).toThrow(expect.objectContaining({ syscall: 'rename' }))
    expect(left(path)).toEqual(['x'])
  })
})

it('a mode is taken as it is; a file that must last is its user’s alone', () => {
  const folder = temporaryFolder()
  const mode = (name: string) => statSync(join(folder, name)).mode & 0o777
  writeAtomically(join(folder, 'hook'), '#!/bin/sh\n', { mode: 0o777 })
  writeDurably(join(folder, 'spooled'), '{}')
  expect([mode('hook'), mode('spooled')]).toEqual([0o777, 0o600])
})
