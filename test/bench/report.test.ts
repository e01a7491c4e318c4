import { expect, test } from 'vitest'
import { median, roundRobin } from '../../bench/measure.js'
import { renderRows } from '../../bench/table.js'

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 2, 100, 4], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('commands are run in turn, and the first round does not count', () => {
  const order: string[] = []
  const clock = { a: [100, 1, 3, 2], b: [100, 6, 5, 4] }
  const take = (name: 'a' | 'b') => () => {
    order.push(name)
    return clock[name].shift() as number
  }
  expect(roundRobin({ a: take('a'), b: take('b') }, 3)).toEqual({ a: 2, b: 5 })
  expect(order.join('')).toBe('abababab')
})

test('a row says what was measured, its bounds, and whether it keeps them', () => {
  const rows = [
    { what: 'commit', value: 2.126, limit: 2.5, aim: 2, unit: 'N' },
    { what: 'log of everything', value: 120.4, limit: 80, unit: 'MiB' },
    { what: 'peer', note: 'not installed: pip install peer, and something else that is long' },
    { what: 'no bound', value: 1, unit: 'x' },
  ]
  expect(renderRows(rows)).toMatchInlineSnapshot(`
    "what               measured  limit     aim
    commit             2.13 N    ≤ 2.5 N   ≤ 2 N  ok
    log of everything  120 MiB   ≤ 80 MiB         over
    peer               not installed: pip install peer, and something else that is long
    no bound           1.00 x"
  `)
})
