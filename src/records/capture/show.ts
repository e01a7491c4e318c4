import { short } from '../../base/digest.ts'
import { escapeLine } from '../../base/escape.ts'
import { isMissing } from '../../base/missing.ts'
import type { Paint } from '../../render/colour.ts'
import { describeChange, describeDataset } from '../dataset.ts'
import type { Environment } from '../environment.ts'
import { environmentBody } from '../environment-text.ts'
import type { KindShow } from '../kind-show.ts'
import type { Capture } from '../record.ts'

export const capture: KindShow<Capture> = {
  body: (record, paint, { environment }) => captureBody(record, environment, paint),
  withEnvironment: true,
}

/** A capture's datasets, parameters and environment. */
function captureBody(record: Capture, environment: Environment | undefined, paint: Paint): string[] {
  const lines = [record.late ? `captured late, by ${record.trigger}` : `captured by ${record.trigger}`, '']
  if (record.configuration) lines.push(escapeLine(record.configuration.missing), '')
  for (const [name, dataset] of Object.entries(record.datasets))
    lines.push(...datasetLines(name, dataset, record, paint))
  for (const [file, found] of Object.entries(record.parameters)) lines.push(...parameterLines(file, found, paint))
  lines.push(...environmentLines(record, environment, paint))
  for (const [file, digest] of Object.entries(record.locks ?? {}))
    lines.push(`lock  ${escapeLine(file)}  ${short(digest)}`)
  while (lines.at(-1) === '') lines.pop()
  return lines
}

function datasetLines(name: string, dataset: Capture['datasets'][string], record: Capture, paint: Paint): string[] {
  const change = record.changed?.datasets?.[name]
  const lines = [
    `${paint.label('data')}  ${escapeLine(name)}  ${escapeLine(dataset.path)}`,
    `    ${escapeLine(describeDataset(dataset))}, from ${dataset.source}`,
  ]
  if (dataset.digest) lines.push(`    sha-256 ${dataset.digest}`)
  if (dataset.aliases?.md5) lines.push(`    md5 ${dataset.aliases.md5}`)
  if (change) lines.push(`    ${describeChange(change)}${change.from ? ` since ${short(change.from)}` : ''}`)
  for (const { path, reason } of dataset.problems ?? []) lines.push(`    ${escapeLine(path)}: ${escapeLine(reason)}`)
  if (dataset.uncommitted) {
    lines.push(`    ${dataset.uncommitted.count} uncommitted beside it:`)
    for (const { path, change: what } of dataset.uncommitted.paths) lines.push(`        ${what} ${escapeLine(path)}`)
  }
  if (dataset.afterCommit) {
    lines.push(`    ${dataset.afterCommit.count} changed after the commit:`)
    for (const path of dataset.afterCommit.paths) lines.push(`        ${escapeLine(path)}`)
  }
  return [...lines, '']
}

function parameterLines(file: string, found: Capture['parameters'][string], paint: Paint): string[] {
  const head = `${paint.label('params')}  ${escapeLine(file)}`
  if (isMissing(found)) return [`${head}  ${escapeLine(found.missing)}`, '']
  return [
    head,
    ...Object.entries(found.values).map(([key, value]) => `    ${escapeLine(key)} = ${escapeLine(String(value))}`),
    '',
  ]
}

function environmentLines(record: Capture, environment: Environment | undefined, paint: Paint): string[] {
  if (isMissing(record.environment)) return [`${paint.label('env')}  ${escapeLine(record.environment.missing)}`, '']
  const { digest, host, software } = record.environment
  const lines = [`${paint.label('env')}  ${digest}`, `    host ${short(host)}, software ${short(software)}`]
  if (!environment) return [...lines, '    its file is not on the branch', '']
  return [...lines, ...environmentBody(environment).map((line) => `    ${line}`), '']
}
