import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { entry } from '../support/repository.ts'

const help = (...words: string[]) => spawnSync(process.execPath, [entry, 'help', ...words], { encoding: 'utf8' }).stdout

it('the overview fits 80 columns and names every command once', () => {
  const lines = help().split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  const names = lines.flatMap((line) => line.match(/^ {3}([a-z-]+) {2}/)?.[1] ?? [])
  expect([...names].sort()).toEqual(
    commands
      .filter(({ hidden }) => !hidden)
      .map(({ name }) => name)
      .sort(),
  )
})

it.each(commands.filter(({ hidden }) => !hidden).map(({ name }) => name))('git prov help %s tells of it', (name) => {
  expect(help(name)).toMatch(new RegExp(`^usage: git prov ${name}`))
})

it.each([
  ['decision', '--help'],
  ['decision', 'new', '--help'],
  ['guard', 'install', '-h'],
])('git prov %s %s %s tells of it, too', (...words) => {
  const { stdout } = spawnSync(process.execPath, [entry, ...words], { encoding: 'utf8' })
  expect(stdout).toMatch(new RegExp(`^usage: git prov ${words[0]}`))
})
