import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parseConfig } from '../src/config/parse-config.ts'
import { parseDecision } from '../src/decisions/model/parse.ts'

const root = resolve(import.meta.dirname, '..')
const files = readdirSync(join(root, 'decisions')).filter((name) => name.endsWith('.yaml'))

it.each(files)('our own decision %s is as its schema says', async (name) => {
  const { problems } = await parseDecision(readFileSync(join(root, 'decisions', name)), `decisions/${name}`)
  expect(problems).toEqual([])
})

it('the schema beside them is the schema, and our policy can be read', async () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  expect(read('decisions/.decision-file.v1.schema.json')).toBe(read('schemas/decision-file.v1.schema.json'))
  expect((await parseConfig(read('prov.yaml'))).policy?.roles?.maintainer?.must).toContain('why')
})
