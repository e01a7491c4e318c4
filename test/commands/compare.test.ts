import { beforeAll, describe, expect, it } from 'vitest'
import { elsewhere, experiments, named } from '../support/experiments.ts'
import { inProcess } from '../support/in-process.ts'
import type { TestRepository } from '../support/repository.ts'

describe('git prov compare', () => {
  let test: TestRepository
  let ids: [string, string, string]
  let others: [string, string]
  beforeAll(async () => {
    ;({ test, ids } = await experiments())
    others = await elsewhere(test)
  })
  const prov = async (...args: string[]) => {
    const { stdout } = await inProcess(test, { env: { LC_ALL: 'C.UTF-8' } }).prov(...args)
    return named(stdout, [...ids, ...others])
  }

  it('shows what differs side by side, metrics against the baseline, and their series', async () => {
    expect(await prov('compare', ids[2], 'focal', ids[1].slice(0, 8))).toMatchInlineSnapshot(`
      "same in all: data.train 77be02 · env 4c01aa · params.epochs 20 and 2 more
                  b run--c     run--a                 run--b
      when          2 d ago    2 h ago                5 h ago
      name                     focal
      time          40 s       42 s                   41 s
      verdict                  replayed, identical
      parameters
        loss        ce         focal                  focal
        lr          0.01       0.01                   0.10
      metrics
        auc         0.899      0.912 (+0.013)         0.903 (+0.004)
        f1          0.790      0.830 (+0.04)          0.791 (+0.001)
                    ▁▃▄▆▇██    ▁▃▄▆▇██                ▁▃▄▆▇██
      "
    `)
  })

  it('shows packages, data and code that differ', async () => {
    expect((await prov('compare', ...others)).replace(/^ {2}env .*/m, '  env <digests>')).toMatchInlineSnapshot(`
      "same in all: params.epochs 20 · params.loss ce · params.lr 0.1 and 2 more
                   b run--d       run--e
      when           1.3 d ago    3 h ago
      time           32 s         31 s
      data
        train        3d1e0a       77be02
      code
        commit       111111       222222
      environment
        env <digests>
        numpy        2.1.0        2.1.2
      metrics
        f1           0.70         0.75 (+0.05)
                     ▁▃▄▆▇█▇      ▁▃▄▆▇█▇
      "
    `)
  })

  it('names runs that do not fit, and no line is wider than the terminal', async () => {
    const text = await prov('compare', ...ids, ...others)
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80)
  })

  it('as JSON and CSV', async () => {
    const view = JSON.parse(await inProcess(test).ok('compare', '--json', '--baseline', ids[2], ids[0]))
    expect(view).toMatchObject({ baseline: ids[2], runs: [{ id: ids[2] }, { id: ids[0], params: { loss: 'focal' } }] })
    expect(view.differs).toContain('params.loss')
    expect(view.same).toContain('params.lr')
    expect(JSON.parse(await inProcess(test).ok('compare', '--json', ...others)).environment).toEqual([
      { group: 'packages', name: 'numpy', values: ['2.1.0', '2.1.2'] },
    ])
    expect(await inProcess(test).ok('compare', '--csv', ...others)).toContain('\nenv.packages.numpy,2.1.0,2.1.2\n')
  })

  it('an unknown run, or the same one twice, is refused', async () => {
    expect(await inProcess(test).prov('compare', ids[0], 'nothing')).toMatchObject({
      status: 2,
      stderr: "error: there is no run 'nothing' here\nhint:  git prov runs\n",
    })
    expect(await inProcess(test).prov('compare', ids[0], 'focal')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('are the same run'),
    })
    expect(await inProcess(test).prov('compare', ids[0])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('two or more runs'),
    })
  })
})
