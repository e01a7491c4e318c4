import { expect, it } from 'vitest'
import { commands } from '../../src/cli/table.ts'
import { exportables } from '../../src/exchange/exports.ts'
import { formats } from '../../src/exchange/imports.ts'

const entry = (name: string) => commands.find((command) => command.name === name)

it('every import is in the help, and loads', async () => {
  const words = entry('import')?.usage.flatMap((form) => (form.split(' ')[1] ?? '').split('|'))
  expect(formats.map(({ name }) => name)).toEqual(words)
  for (const format of formats) expect(await format.load()).toBeTypeOf('function')
})

it('every export is in the help, has a flag for each format, and loads', async () => {
  const { usage = [], flags = {} } = entry('export') ?? {}
  expect(exportables.map(({ name }) => name)).toEqual([...new Set(usage.map((form) => form.split(' ')[1]))])
  for (const { name, forms } of exportables) {
    for (const form of forms) {
      expect(flags).toHaveProperty(form.name)
      expect(usage.some((line) => line.startsWith(`export ${name} `) && line.includes(`--${form.name}`))).toBe(true)
      expect(await form.load()).toBeTypeOf('function')
    }
  }
})
