import { short } from '../base/digest.ts'
import { escapeLine } from '../base/escape.ts'
import { pathText } from '../base/path-text.ts'
import type { Difference } from '../records/environment.ts'
import type { Paint } from '../render/colour.ts'
import type { CaptureDiff, DatasetDiff } from './capture-diff.ts'

/** The differences between two commits or runs, grouped; `code` is git's diffstat. */
export function renderDiff(diff: CaptureDiff, paint: Paint, code = ''): string[] {
  const { environment, datasets, outputs, parameters } = diff
  const groups: [string, string[]][] = [
    ['packages', (environment?.packages ?? []).map((one) => change(one, one.name, paint))],
    ['software', (environment?.software ?? []).map((one) => change(one, joined(one), paint))],
    ['hardware', (environment?.host ?? []).map((one) => change(one, joined(one), paint))],
    ['data', datasets.flatMap((one) => datasetLines(one, paint))],
    ['outputs', outputs.flatMap((one) => datasetLines(one, paint))],
    ['parameters', parameters.map((one) => change(one, `${one.part} ${one.name}`, paint))],
    [
      'code',
      code
        .split('\n')
        .filter(Boolean)
        .map((line) => ` ${escapeLine(line)}`),
    ],
  ]
  const lines = groups.flatMap(([title, rows]) => (rows.length > 0 ? [paint.label(title), ...rows, ''] : []))
  if (!environment) lines.push('the environment of one side is not known', '')
  while (lines.at(-1) === '') lines.pop()
  return lines
}

const joined = ({ part, name }: Difference) => (part === name ? name : `${part} ${name}`)

function change({ before, after }: Difference, name: string, paint: Paint): string {
  if (before === undefined) return `  ${paint.good(`+ ${escapeLine(`${name} ${after}`)}`)}`
  if (after === undefined) return `  ${paint.bad(`- ${escapeLine(`${name} ${before}`)}`)}`
  return `  ~ ${escapeLine(`${name} ${before} -> ${after}`)}`
}

const most = 50

function datasetLines({ name, before, after, files }: DatasetDiff, paint: Paint): string[] {
  const head = `  ${escapeLine(name)} ${before ? short(before) : 'not recorded'} -> ${after ? short(after) : 'not recorded'}`
  if (!files) return [head]
  const rows = [
    ...files.added.map((path) => paint.good(`+ ${escapeLine(pathText(path))}`)),
    ...files.removed.map((path) => paint.bad(`- ${escapeLine(pathText(path))}`)),
    ...files.modified.map((path) => `~ ${escapeLine(pathText(path))}`),
  ]
  const rest = rows.length > most ? [`    and ${rows.length - most} more (--json has all)`] : []
  return [
    `${head}  +${files.added.length} -${files.removed.length} ~${files.modified.length}`,
    ...rows.slice(0, most).map((row) => `    ${row}`),
    ...rest,
  ]
}
