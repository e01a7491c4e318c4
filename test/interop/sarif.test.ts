import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { provRepository } from '../support/repository.ts'

const tools = createRequire(resolve(import.meta.dirname, '../../.ci/tools/node/package.json'))

/** The standard's own schema (JSON Schema draft 4) and a validator of that draft, as a published package brings them. */
function sarifValidator() {
  const inside = createRequire(tools.resolve('@microsoft/jest-sarif/package.json'))
  const Ajv = inside('ajv')
  const ajv = new Ajv({ schemaId: 'auto' })
  ajv.addMetaSchema(inside('ajv/lib/refs/json-schema-draft-04.json'))
  return ajv.compile(inside('./lib/schemas/sarif-2.1.0-rtm.5.json'))
}

it('the SARIF of check is valid by the schema of the standard', () => {
  const validate = sarifValidator()
  const test = provRepository()
  test.write({
    'decisions/a b.yaml': 'title: a\nstatus: open\n',
    'decisions/c.yaml': 'title: c\nstatus: accepted\ncriteria: [{metric: f1}]\n',
  })
  test.ok(
    'waive',
    'schema',
    'a-b',
    '--why',
    'later',
    '--until',
    new Date(Date.now() + 864e6).toISOString().slice(0, 10),
  )
  const log = JSON.parse(test.prov('check', '--format', 'sarif').stdout)
  expect(log.runs[0].results.length).toBeGreaterThan(1)
  expect(log.runs[0].results.filter((result: { suppressions?: unknown }) => result.suppressions)).toHaveLength(1)
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true)
  log.runs[0].results[0].level = 'loud'
  expect(validate(log)).toBe(false)
})
