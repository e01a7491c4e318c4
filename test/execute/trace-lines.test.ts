import { expect, it } from 'vitest'
import { TraceReader } from '../../src/execute/trace-lines.ts'

const read = (...lines: string[]) => {
  const reader = new TraceReader('/w', (path) => path.startsWith('/w/'))
  for (const line of lines) reader.line(line)
  return { read: [...reader.touched.read], written: [...reader.touched.written] }
}

it.each([
  ['a file read', ['7 openat(AT_FDCWD</w>, "a", O_RDONLY|O_CLOEXEC) = 3</w/a>'], ['/w/a'], []],
  ['a file written', ['7 openat(AT_FDCWD</w>, "a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/a>'], [], ['/w/a']],
  ['one that is there, opened for both', ['7 open("a", O_RDWR) = 3</w/a>'], ['/w/a'], ['/w/a']],
  ['a folder', ['7 openat(AT_FDCWD</w>, "d", O_RDONLY|O_DIRECTORY) = 3</w/d>'], [], []],
  ['outside', ['7 openat(AT_FDCWD</w>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>'], [], []],
  ['odd names', ['7 openat(AT_FDCWD</w>, "x", O_RDONLY) = 3</w/n\\nl \\303\\251\\"\\76>'], ['/w/n\nl \xc3\xa9">'], []],
  [
    'written under another name, then renamed',
    [
      '7 openat(AT_FDCWD</w/d>, "t", O_WRONLY|O_CREAT, 0666) = 3</w/d/t>',
      '7 rename("t", "../m") = 0',
      '8 renameat2(AT_FDCWD</w>, "m", 5</w/d>, "n", 0) = 0',
    ],
    [],
    ['/w/d/n'],
  ],
  [
    'a program run from another folder',
    ['7 chdir("/w/d") = 0', '7 execve("./go", ["./go"], 0x1 /* 2 vars */) = 0'],
    ['/w/d/go'],
    [],
  ],
  [
    'what is no call',
    ['+++ exited with 0 +++', '', '7 openat(AT_FDCWD</w>, "a', '7 <... openat resumed>) = 3</w/a>'],
    [],
    [],
  ],
])('%s', (_, lines, wasRead, written) => {
  expect(read(...lines)).toEqual({ read: wasRead, written })
})
