import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { run } from '../../src/commands/decision.ts'
import type { Context } from '../../src/context.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'

const spec = commands.find(({ name }) => name === 'decision') as (typeof commands)[number]

/** A context with a terminal on which `typed` is typed, and what was printed. */
function terminal(test: TestRepository, typed: string): { context: Context; printed: () => string } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  let text = ''
  stdout.on('data', (chunk) => {
    text += chunk
  })
  stdin.end(typed)
  const repository = locateRepository(test.path, test.env)
  const env = test.env
  const now = () => new Date('2026-11-23T10:00:00Z')
  return {
    context: { cwd: test.path, env, stdin, stdout, stderr: stdout, now, program: entry, repository: () => repository },
    printed: () => text,
  }
}

it('--guide asks for each field of the role, explains it, and asks again after an invalid answer', async () => {
  const test = provRepository()
  const answers = ['one class is rare', 'it helps', '', 'f1 >= high', 'f1 >= 0.8; 3 seeds', '', 'no new data is needed']
  const { context, printed } = terminal(test, `${answers.join('\n')}${'\n'.repeat(20)}`)
  expect(await run(['new', 'Use focal loss', '--role', 'trainer', '--guide'], context, spec)).toBe(0)
  expect(printed()).toMatch(/What made you look at this: [^\n]*\n.*context\*: /)
  expect(printed()).toContain("'high' is not a number")
  const text = readFileSync(join(test.path, 'decisions/2026-11-23-use-focal-loss.yaml'), 'utf8')
  expect(text).toContain(
    'context: one class is rare\nhypotheses:\n  - statement: it helps\ncriteria:\n  - metric: f1\n    at_least: 0.8\n    measured: 3 seeds\nwhy: no new data is needed\n',
  )
})

it('writes nothing when aborted', async () => {
  const test = provRepository()
  const { context } = terminal(test, 'one class is rare\n')
  await expect(run(['new', 'Use focal loss', '--guide'], context, spec)).rejects.toMatchObject({ code: 'cancelled' })
  expect(test.git('status', '--porcelain', 'decisions')).toBe('')
})
