import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository } from '../support/repository.ts'

const old =
  '# 1. Old way\n\nDate: 2016-02-12\n\n## Status\n\nSuperseded by [2. New way](0002-new-way.md)\n\n## Context\n\nc\n'
const fresh =
  '# 2. New way\n\nDate: 2016-03-01\n\n## Status\n\nAccepted\n\nSupersedes [1. Old way](0001-old-way.md)\n\n## Context\n\nc\n\n## Decision\n\nd\n'

it('a folder of adr-tools becomes decision files with their links, only once, and comes back byte for byte', async () => {
  const test = provRepository({
    'doc/adr/0001-old-way.md': old,
    'doc/adr/0002-new-way.md': fresh,
    'doc/adr/README.md': '# List\n',
    'doc/adr/0003-none.md': 'no title\n',
  })
  expect(await inProcess(test).ok('import', 'adr-tools', '--dry-run')).toContain(
    'prov: 2 decisions would be imported from doc/adr',
  )
  expect(await inProcess(test).ok('import', 'adr-tools')).toMatchInlineSnapshot(`
    "prov: 2 decisions imported from doc/adr
      decisions/2016-02-12-old-way.yaml
      decisions/2016-03-01-new-way.yaml
      left out: 0003-none.md has no title
    "
  `)
  expect(await inProcess(test).ok('import', 'adr-tools')).toContain(
    'prov: 0 decisions imported from doc/adr, 2 were here already',
  )
  expect(await inProcess(test).ok('check', 'decisions')).toContain('no problems')
  expect(await inProcess(test).ok('export', 'decision', 'new-way', '--madr')).toBe(fresh)
  await inProcess(test).ok('export', 'decision', 'new-way', 'old-way', '--madr', '--output', 'out')
  expect(readFileSync(join(test.path, 'out/0001-old-way.md'), 'utf8')).toBe(old)
})

it.each([
  [['import', 'madr'], 'no folder of madr records in the usual places'],
  [['import', 'madr', 'nope'], "there is no folder 'nope'"],
  [['export', 'decisions'], "unknown export 'decisions'\nhint:  git prov export decision"],
  [['export', 'decision', 'x'], 'export decision takes one decision and --madr'],
  [['export', 'decision', 'x', '--madr'], "there is no decision 'x'"],
])('%j says what to type', async (words, told) => {
  const result = await inProcess(provRepository()).prov(...words)
  expect(result.status).toBe(2)
  expect(result.stderr).toContain(told)
})
