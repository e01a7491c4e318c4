import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { openAsker } from '../../src/terminal/ask.ts'

const instead = 'git prov x --yes'

/** Somebody who has typed `typed`, then nothing more, and the streams of them that are a terminal. */
function person(typed: string, terminals = ['stdin', 'stdout', 'stderr']) {
  const stream = (name: string) => Object.assign(new PassThrough(), { isTTY: terminals.includes(name) })
  const context = { stdin: stream('stdin'), stdout: stream('stdout'), stderr: stream('stderr') }
  context.stdin.end(typed)
  const seen = (name: 'stdout' | 'stderr') => String(context[name].read() ?? '')
  return { context: context as unknown as Context, seen }
}

describe('a question', () => {
  it.each([
    ['y', false, true],
    ['Yes', false, true],
    ['n', true, false],
    ['No', true, false],
    ['', true, true],
    ['', false, false],
    ['what?', true, true],
    ['what?', false, false],
  ])('answered %j, where an empty line is %s, is %s', async (typed, otherwise, answer) => {
    const asker = openAsker(person(`${typed}\n`).context, { instead })
    expect(await asker.agree('go on?', otherwise)).toBe(answer)
    asker.close()
  })

  it('may be answered by a line of text, and answers may be typed ahead', async () => {
    const { context, seen } = person('  two words \ny\n')
    const asker = openAsker(context, { instead })
    expect([await asker.text('why?'), await asker.agree('go on?', false)]).toEqual(['two words', true])
    expect(seen('stdout')).toContain('go on? [y/N] ')
    expect(seen('stderr')).toBe('')
  })

  it('goes to standard error where standard output may be read by a program', async () => {
    const { context, seen } = person('y\n', ['stdin', 'stderr'])
    expect(await openAsker(context, { instead, on: 'stderr' }).agree('go on?', false)).toBe(true)
    expect([seen('stdout'), seen('stderr')]).toEqual(['', expect.stringContaining('go on? [y/N] ')])
  })

  it.each([
    ['a flag has answered', ['stdin', 'stdout'], { answered: true }],
    ['the answers come from no terminal', ['stdout', 'stderr'], {}],
    ['the questions would go to none', ['stdin', 'stderr'], {}],
  ])('is not put when %s', async (_, terminals, given) => {
    const { context, seen } = person('n\n', terminals)
    const asker = openAsker(context, { instead, ...given })
    expect([asker.asks, await asker.agree('?'), await asker.agree('?', false), await asker.text('?')]).toEqual([
      ...[false, true, false, ''],
    ])
    expect(seen('stdout')).toBe('')
  })

  it('that nobody answers any more is broken off, with the flag that answers it', async () => {
    const broken = { code: 'cancelled', exitCode: 2, hint: instead }
    await expect(openAsker(person('').context, { instead }).agree('?')).rejects.toMatchObject(broken)
    await expect(openAsker(person('').context, { instead }).text('?')).rejects.toMatchObject(broken)
  })
})
