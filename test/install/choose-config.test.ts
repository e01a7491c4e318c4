import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { chooseConfig } from '../../src/install/choose-config.ts'
import { openAsker } from '../../src/terminal/ask.ts'

const found = {
  datasets: [
    { name: 'train', path: 'data/train', because: 'folder of data' },
    { name: 'val', path: 'data/val', because: 'folder of data' },
  ],
  parameters: ['params.yaml'],
  metrics: ['metrics.json'],
  environments: [],
}
const instead = 'git prov init --yes'
const unsaid = { datasets: undefined, parameters: undefined, metrics: undefined }
const all = { datasets: found.datasets, parameters: found.parameters, metrics: found.metrics }

/** Somebody at a terminal who has typed `typed`, then nothing more; the questions they saw. */
function terminal(typed: string, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  const stdout = Object.assign(new PassThrough(), { isTTY })
  stdin.end(typed)
  const questions = () =>
    [...String(stdout.read() ?? '').matchAll(/(fingerprint|read) [^\n?]*\?/g)].map(([text]) => text)
  return { context: { stdin, stdout } as unknown as Context, questions }
}

describe('the content of a new prov.yaml', () => {
  it('is asked item by item on a terminal; an empty answer is yes', async () => {
    const { context, questions } = terminal('y\n n\n\nNo\n')
    expect(await chooseConfig(openAsker(context, { instead }), found, unsaid)).toEqual({
      ...all,
      datasets: [found.datasets[0]],
      metrics: [],
    })
    expect(questions()).toEqual([
      "fingerprint data/train as dataset 'train'?",
      "fingerprint data/val as dataset 'val'?",
      'read parameters from params.yaml?',
      'read metrics from metrics.json?',
    ])
  })

  it.each([
    ['without a terminal', terminal('', false), false],
    ['with --yes', terminal(''), true],
  ])('is everything found %s, and nothing is asked', async (_, { context, questions }, yes) => {
    expect(await chooseConfig(openAsker(context, { instead, answered: yes }), found, unsaid)).toEqual(all)
    expect(questions()).toEqual([])
  })

  it('is what the flags name, without asking', async () => {
    const { context, questions } = terminal('')
    const options = { datasets: ['x=data/x/'], parameters: ['p.json'], metrics: ['m.json'] }
    expect(await chooseConfig(openAsker(context, { instead }), found, options)).toEqual({
      datasets: [{ name: 'x', path: 'data/x' }],
      parameters: ['p.json'],
      metrics: ['m.json'],
    })
    expect(questions()).toEqual([])
  })

  it('is nothing when the questions are aborted', async () => {
    const { context } = terminal('y\n')
    await expect(chooseConfig(openAsker(context, { instead }), found, unsaid)).rejects.toMatchObject({
      code: 'cancelled',
      exitCode: 2,
    })
  })
})
