import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entry, provRepository } from '../support/repository.ts'
import { finishedRuns } from '../support/run-records.ts'

const files = { 'data/train/a.csv': 'a\n', 'extra.csv': 'e\n', '.gitignore': 'ignored/\n' }
const strace = spawnSync('strace', ['-D', '-o', '/dev/null', 'true']).status === 0

describe('git prov run --trace', () => {
  it.skipIf(!strace)('finds undeclared files that are read and written', () => {
    const test = provRepository(files)
    const command = 'cat data/train/a.csv extra.csv > tmp; mkdir ignored; cd ignored; mv ../tmp made; exit 3'
    const ran = test.prov('run', '--trace', '--', 'sh', '-c', command)
    expect(ran.status).toBe(3)
    const [record] = finishedRuns(test)
    expect(record?.trace).toEqual({
      tool: 'strace',
      read: ['data/train/a.csv', 'extra.csv'],
      written: ['ignored/made'],
    })
    expect(record?.inputs).toMatchObject([
      { path: 'data/train', declared: 'config' },
      { path: 'extra.csv', declared: 'trace' },
    ])
    expect(record?.outputs).toMatchObject([{ path: 'ignored/made', declared: 'trace', state: 'complete' }])
    expect(test.prov('run', '--trace', '--', 'nowhere').status).toBe(127)
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('runs untraced where strace is missing, and says why', () => {
    const test = provRepository(files)
    const bin = join(test.path, '../bin')
    test.run('mkdir', [bin])
    for (const program of ['git', 'sh'])
      symlinkSync(test.run('sh', ['-c', `command -v ${program}`]).stdout.trim(), join(bin, program))
    const ran = test.run(process.execPath, [entry, 'run', '--trace', '--', 'sh', '-c', ':'], { env: { PATH: bin } })
    expect(ran.status).toBe(0)
    expect(finishedRuns(test)[0]?.trace).toEqual({ missing: 'not traced: strace is not installed' })
  })
})
