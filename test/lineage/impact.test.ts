import { expect, it } from 'vitest'
import { findImpacted, type UseTable } from '../../src/lineage/impact/downstream.ts'

type Row = [row: number, inputs: string[], outputs: string[]]

function table(rows: Row[]): UseTable {
  const files = rows.flatMap(([row, inputs, outputs]) => [
    ...inputs.map((digest) => ({ row, role: 'input' as const, name: digest, digest })),
    ...outputs.map((digest) => ({ row, role: 'output' as const, name: digest, digest })),
  ])
  return {
    ofDigest: (digest) => files.filter((file) => file.digest === digest),
    ofRows: (wanted) => files.filter(({ row }) => wanted.includes(row)),
  }
}

const impacted = (rows: Row[], source = 'd') =>
  findImpacted(table(rows), [{ name: source, digest: source }], (row) => row).map(
    ({ row, path }) => `${row}: ${path.map(({ name }) => name).join('>')}`,
  )

it.each<[string, Row[], string[]]>([
  ['nothing used it', [[1, ['x'], ['m']]], []],
  ['one run', [[1, ['d'], ['m']]], ['1: d']],
  [
    'a chain',
    [
      [1, ['d'], ['m']],
      [2, ['m'], ['r']],
      [3, ['r'], []],
    ],
    ['1: d', '2: d>m', '3: d>m>r'],
  ],
  [
    'a diamond, by the shortest way',
    [
      [1, ['d'], ['a', 'b']],
      [2, ['a'], ['c']],
      [3, ['b', 'c', 'd'], []],
    ],
    ['1: d', '3: d', '2: d>a'],
  ],
  [
    'a cycle ends',
    [
      [1, ['d', 'm'], ['m']],
      [2, ['m'], ['d']],
    ],
    ['1: d', '2: d>m'],
  ],
  [
    'what was used before it was made is no use of it',
    [
      [2, ['d'], ['m']],
      [1, ['m'], []],
    ],
    ['2: d'],
  ],
])('%s', (_, rows, wanted) => {
  expect(impacted(rows)).toEqual(wanted)
})
