import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { run } from '../../src/commands/decision.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { buildRecord, type Remark } from '../../src/records/record.ts'
import type { CommandSpec } from '../../src/terminal/words.ts'
import { inProcess } from '../support/in-process.ts'
import { appendRecords } from '../support/ledger.ts'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'

const file = 'decisions/2026-11-23-focal.yaml'
const text = (more = '') =>
  `title: Use focal loss\nstatus: accepted\ncontext: x\nwhy: y\ncriteria:\n  - metric: f1\n    at_least: 0.80\n${more}`
const id = (output: string) => output.match(/prov: run (\w{6})/)?.[1] as string

function train(test: TestRepository, f1: number, ...words: string[]): string {
  const script = `echo '{"f1": ${f1}}' >metrics.json`
  return id(test.prov('run', '--metrics', 'metrics.json', ...words, '--', 'sh', '-c', script).stderr)
}

const stable = (output: string) => output.replace(/run [0-9a-f]{6}/g, 'run <id>')

/** `git prov decision …` on a terminal where `typed` is typed and then the end of the input. */
function answer(test: TestRepository, words: string[], typed: string): Promise<number> {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true })
  const [stdin, stdout, repository] = [terminal(), terminal(), locateRepository(test.path, test.env)]
  stdin.end(typed)
  const where = { cwd: test.path, env: test.env, now: () => new Date(), program: entry }
  const spec = commands.find(({ name }) => name === 'decision') as CommandSpec
  return run(words, { ...where, stdin, stdout, stderr: stdout, repository: () => repository }, spec)
}

describe('git prov decision outcome', () => {
  it('grades by runs made for the decision, and says that the criterion came first', async () => {
    const test = provRepository({ 'data/train/a.csv': 'a\n', [file]: text() })
    train(test, 0.83, '--decision', 'focal')
    expect(stable(await inProcess(test).ok('decision', 'outcome', 'focal'))).toBe(
      'prov: focal  met (f1 0.83 >= 0.8, run <id>)\n',
    )
    expect(stable(await inProcess(test).ok('decision', 'show', 'focal'))).toContain(
      'outcome: met (f1 0.83 >= 0.8, run <id>)\n',
    )
    await inProcess(test).ok('verify')
  })

  it('exits 1 when a criterion is not met, and records what was learned', async () => {
    const test = provRepository({ 'data/train/a.csv': 'a\n', [file]: text() })
    const run = train(test, 0.7)
    const result = await inProcess(test).prov(
      'decision',
      'outcome',
      'focal',
      '--run',
      run,
      '--lesson',
      'warm up first',
      '--failure',
      'it diverged',
    )
    expect(result.status).toBe(1)
    expect(stable(result.stdout)).toBe('prov: focal  not met (f1 0.7 >= 0.8, run <id>)\n')
    const remark = buildRecord<Remark>(
      {
        kind: 'remark',
        agent: { name: 'Jo', email: 'jo@example.org' },
        lesson: 'look at the loss',
        links: [{ rel: 'annotates', to: `record:${run.padEnd(64, '0')}` }],
      },
      new Date(),
    )
    await appendRecords(test, remark)
    expect((await inProcess(test).ok('lessons', 'WARM')).replace(/\d{4}-\d\d-\d\d/, '<day>')).toBe(
      'outcome of focal  <day>  Mei Chen\n    it diverged\n    warm up first\n',
    )
    expect(await inProcess(test).ok('lessons')).toContain('look at the loss')
    expect(await inProcess(test).prov('lessons', 'unheard')).toMatchObject({
      status: 1,
      stdout: 'prov: no lesson has all of these words\n',
    })
  })

  it('asks on a terminal what was learned, and records nothing when the user aborts', async () => {
    const test = provRepository({ 'data/train/a.csv': 'a\n', [file]: text() })
    const words = ['outcome', 'focal', '--run', await train(test, 0.7)]
    await expect(answer(test, words, 'it diverged\n')).rejects.toMatchObject({
      code: 'cancelled',
      hint: expect.stringContaining('--lesson'),
    })
    expect(test.prov('lessons').status).toBe(1)
    expect(await answer(test, words, 'it diverged\nwarm up first\n')).toBe(1)
    expect(test.ok('lessons')).toMatch(/it diverged\n {4}warm up first\n$/)
  })

  it('says when the criterion came after the run', async () => {
    const test = provRepository()
    const run = train(test, 0.83)
    test.commit('Decide', { [file]: text() })
    expect(stable((await inProcess(test).prov('decision', 'outcome', 'focal', '--run', run)).stdout)).toBe(
      'prov: focal  met (f1 0.83 >= 0.8, run <id>, the criterion came after)\n',
    )
  })

  it('is inconclusive without a run', async () => {
    const test = provRepository({ [file]: text() })
    expect(await inProcess(test).prov('decision', 'outcome', 'focal')).toMatchObject({
      status: 1,
      stdout: 'prov: focal  inconclusive (f1 not measured >= 0.8)\n',
    })
  })

  it.each([
    [['decision', 'outcome'], 'name one decision'],
    [['decision', 'outcome', 'none'], "there is no decision 'none'"],
    [['decision', 'outcome', 'focal', '--run', 'beef'], "there is no run 'beef' here"],
    [['decision', 'outcome', 'bare'], "decision 'bare' has no criteria to grade a run by"],
  ])('%j is refused', async (words, message) => {
    const test = provRepository({ [file]: text(), 'decisions/2026-11-24-bare.yaml': 'title: x\nstatus: accepted\n' })
    const result = await inProcess(test).prov(...words)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(message)
  })
})
