import { expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { inProcess } from '../support/in-process.ts'
import { gitRepository } from '../support/repository.ts'

const { ok } = inProcess(gitRepository())
const help = (...words: string[]) => ok('help', ...words)

it('the overview fits 80 columns and names every command once', async () => {
  const lines = (await help()).split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  const names = lines.flatMap((line) => line.match(/^ {3}([a-z-]+) {2}/)?.[1] ?? [])
  expect([...names].sort()).toEqual(
    commands
      .filter(({ hidden }) => !hidden)
      .map(({ name }) => name)
      .sort(),
  )
})

it.each(commands.filter(({ hidden }) => !hidden).map(({ name }) => name))(
  'git prov help %s tells of it',
  async (name) => {
    expect(await help(name)).toMatch(new RegExp(`^usage: git prov ${name}`))
  },
)

it.each([
  ['decision', '--help'],
  ['decision', 'new', '--help'],
  ['guard', 'install', '-h'],
])('git prov %s %s %s shows the same help', async (...words) => {
  expect(await ok(...words)).toMatch(new RegExp(`^usage: git prov ${words[0]}`))
})
