import { describe, expect, it } from 'vitest'
import { divisions, fillCommand, parseMessage, parseRunRecord, withoutRoot } from '../../src/exchange/datalad/format.ts'

const message = (body: string, title = 'Make a table') =>
  `[DATALAD RUNCMD] ${title}\n\n=== Do not change lines below ===\n${body}\n^^^ Do not change lines above ^^^\n`

describe('a run record', () => {
  it.each([
    [message('{\n "cmd": "ls"\n}'), { message: 'Make a table', json: '{\n "cmd": "ls"\n}' }],
    [message('"0a1b"'), { message: 'Make a table', sidecar: '0a1b' }],
    [message('"../../etc/passwd"'), { message: 'Make a table', json: '"../../etc/passwd"' }],
    [`Revert "${message('{}')}"`, undefined],
    ['[DATALAD RUNCMD] no record', undefined],
    ['[DATALAD] Save', undefined],
  ])('in %j', (text, found) => expect(parseMessage(text)).toEqual(found))

  it.each(['', 'null', '[]', '{}', '{"cmd": 7}', '"text"', '{"cmd": []}'])('damaged: %j', (json) =>
    expect(parseRunRecord(json, '')).toBeUndefined(),
  )

  it('keeps known members and drops the others', () => {
    const json = JSON.stringify({ cmd: ['ls', '-l'], pwd: 'code', exit: 0, inputs: ['a', 7], chain: null, dsid: 'x' })
    expect(parseRunRecord(json, 'List')).toEqual({
      message: 'List',
      command: ['ls', '-l'],
      folder: 'code',
      inputs: ['a'],
      extraInputs: [],
      outputs: [],
      chain: [],
      exitCode: 0,
      dataset: 'x',
    })
  })
})

describe('its command', () => {
  const fill = (command: string | string[], inputs: string[] = ['a.csv', 'b c.csv'], outputs: string[] = ['out']) =>
    fillCommand({ message: '', command, folder: '.', inputs, extraInputs: [], outputs, chain: [] })
  it.each([
    ['python x.py --n=3', ['python', 'x.py', '--n=3'], []],
    ['cat {inputs} > {outputs}', ['sh', '-c', "cat a.csv 'b c.csv' > out"], []],
    ['cat {inputs[0]}', ['cat', 'a.csv'], []],
    ["awk '{{print $1}}'", ['sh', '-c', "awk '{print $1}'"], []],
    ['x {tmpdir}', ['sh', '-c', 'x {tmpdir}'], ['{tmpdir}']],
    ['x {inputs[9]}', ['sh', '-c', 'x {inputs[9]}'], ['{inputs[9]}']],
  ])('%j', (command, words, unfilled) => expect(fill(command)).toEqual({ words, unfilled }))

  it('is not filled in with patterns among its inputs', () =>
    expect(fill('cat {inputs}', ['*.csv'])).toEqual({ words: ['sh', '-c', 'cat {inputs}'], unfilled: ['{inputs}'] }))
})

it("an absolute path splits into the dataset's folder and a path in it, the longest first", () => {
  expect(divisions('/data/set/in/a.csv')).toEqual([
    { root: '/data', inside: 'set/in/a.csv' },
    { root: '/data/set', inside: 'in/a.csv' },
    { root: '/data/set/in', inside: 'a.csv' },
  ])
  expect(withoutRoot('python /data/set/x.py --in /data/set/in', ['/data/set'])).toBe('python x.py --in in')
})
