import { describe, expect, it } from 'vitest'
import { painter } from '../../src/render/colour.ts'
import { joinFitting, renderTable, type TableColumn } from '../../src/render/table.ts'

const column = (title: string, texts: string[], align: TableColumn['align'] = 'left'): TableColumn => ({
  title,
  align,
  cells: texts.map((text) => ({ text })),
})
const table = async (width: number, ...columns: TableColumn[]) => await renderTable(columns, width, (text) => text)

/** A column as it is laid out before another one. */
async function laidOut(given: TableColumn): Promise<string[]> {
  const end = column(
    '|',
    given.cells.map(() => '|'),
  )
  return (await table(80, given, end)).lines
}

describe('a table', () => {
  it.each([
    ['text stands at the left', column('run', ['a', 'bcd']), ['run  |', 'a    |', 'bcd  |']],
    ['its title may be the widest', column('title', ['x']), ['title  |', 'x      |']],
    [
      'numbers stand with their points under one another, and a gap where there is none',
      column('lr', ['0.1', '12.25', '3', ''], 'point'),
      ['lr     |', ' 0.1   |', '12.25  |', ' 3     |', '       |'],
    ],
    ['signs count', column('gain', ['-0.5', '+12.5'], 'point'), ['gain   |', ' -0.5  |', '+12.5  |']],
    [
      'wide characters take two columns, a family of emoji as well, an accent none',
      column('note', ['日本語', '👩‍👩‍👧', 'e\u0301', 'ab']),
      ['note    |', '日本語  |', '👩‍👩‍👧      |', 'e\u0301       |', 'ab      |'],
    ],
    [
      'what is wider than 40 is cut, and ends in dots',
      column('note', ['x'.repeat(41), 'x'.repeat(40)]),
      [`note${' '.repeat(38)}|`, `${'x'.repeat(37)}...  |`, `${'x'.repeat(40)}  |`],
    ],
    [
      'a wide character is not cut in half',
      column('note', ['語'.repeat(21)]),
      [`note${' '.repeat(37)}|`, `${'語'.repeat(18)}...  |`],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await laidOut(given)).toEqual(expected)
  })

  it.each([
    [15, ['run  f1    loss', 'abc  0.83  0.4'], []],
    [14, ['run  f1', 'abc  0.83'], ['loss']],
    [8, ['run', 'abc'], ['f1', 'loss']],
    [1, ['run', 'abc'], ['f1', 'loss']],
  ])('in %i columns drops what does not fit from the right, and never the first', async (width, lines, dropped) => {
    const columns = [column('run', ['abc']), column('f1', ['0.83']), column('loss', ['0.4'])]
    expect(await table(width, ...columns)).toEqual({ lines, dropped })
  })

  it('no line ends in blanks, and a row may lack cells', async () => {
    const { lines } = await table(80, column('a', ['1', '2']), column('b', ['', '']), column('c', ['3']))
    expect(lines).toEqual(['a  b  c', '1     3', '2'])
  })

  it('without rows is its titles', async () => {
    expect(await table(80, column('a', []), column('b', []))).toEqual({ lines: ['a  b'], dropped: [] })
  })

  it('colour takes no width', async () => {
    const { strong, label } = painter(true)
    const columns = [
      { title: 'f1', align: 'left' as const, cells: [{ text: '0.83', style: strong }, { text: '0.7' }] },
      column('|', ['|', '|']),
    ]
    expect((await renderTable(columns, 80, label)).lines).toEqual([
      '\x1b[36mf1\x1b[m    \x1b[36m|\x1b[m',
      '\x1b[1m0.83\x1b[m  |',
      '0.7   |',
    ])
  })
})

describe('phrases on one line', () => {
  it.each([
    [40, 'same in all: lr 0.1 · loss focal'],
    [32, 'same in all: lr 0.1 · loss focal'],
    [31, 'same in all: lr 0.1 and 1 more'],
  ])('in %i columns', async (width, line) => {
    expect(await joinFitting('same in all: ', ['lr 0.1', 'loss focal'], ' · ', width)).toBe(line)
  })

  it('a single one is cut', async () => {
    expect(await joinFitting('same in all: ', ['lr 0.1'], ' · ', 16)).toBe('same in all: ...')
  })
})

it('without colour the words are the same', () => {
  const { commit, label, good, bad, dim, strong } = painter(false)
  expect([commit, label, good, bad, dim, strong].map((paint) => paint('x'))).toEqual(Array(6).fill('x'))
})
