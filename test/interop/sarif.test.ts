import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { provRepository } from '../support/repository.ts'

const require = createRequire(resolve(import.meta.dirname, '../../.ci/tools/node/package.json'))

it('the SARIF of check is valid by the schema of the standard', () => {
  const { toBeValidSarifLog } = require('@microsoft/jest-sarif')
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
  const { pass, message } = toBeValidSarifLog(log)
  expect(pass, message()).toBe(true)
  log.runs[0].results[0].level = 'loud'
  expect(toBeValidSarifLog(log).pass).toBe(false)
})
