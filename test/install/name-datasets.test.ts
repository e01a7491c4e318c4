import { expect, it } from 'vitest'
import { nameDatasets } from '../../src/install/proposals/name-datasets.ts'

const namesOf = (...paths: string[]) =>
  nameDatasets(paths.map((path) => ({ path, because: 'found' }))).map(({ name }) => name)

it.each([
  ['the last part of the path, without its ending', ['data/train', 'raw/all.csv'], ['train', 'all']],
  ['the whole path where the last part is taken', ['a/train', 'b/train'], ['train', 'b-train']],
  ['a number where that is taken, too', ['a/x', 'x', 'x.csv', 'x.json'], ['x', 'x-2', 'x.csv', 'x.json']],
  ['letters, digits, points and dashes alone', ['my data/été (1)', '.hidden'], ['t-1-', 'hidden']],
  ['once a path', ['data', 'data', ''], ['data']],
])('a dataset is named by %s', (_, paths, names) => {
  expect(namesOf(...paths)).toEqual(names)
})

it('names cut to the maximum length are still unique', () => {
  const long = 'x'.repeat(200)
  const names = namesOf(`${long}1.bin`, `${long}2.bin`, `${long}3.bin`)
  expect(new Set(names).size).toBe(3)
  expect(names.filter((name) => name.length > 128)).toEqual([])
})
