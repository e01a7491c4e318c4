import { escapeLine } from '../../base/escape.ts'
import { formatCount, plural } from '../../base/quantity.ts'
import { type Paint, painter } from '../../render/colour.ts'
import type { PlacedProblem } from '../place.ts'
import type { CheckReport, CheckStyle } from './report.ts'

const words = { error: '', warning: 'warning: ', info: 'remark: ' } as const

/** Problems with their lines, a caret and the fix; then one line with counts. */
export function render(report: CheckReport, { colour, columns, quiet }: CheckStyle): string {
  const paint = painter(colour)
  const lines = report.problems.flatMap((problem) => renderProblem(problem, paint, columns))
  const last = summary(report)
  if (quiet && report.problems.length === 0) return ''
  return `${[...lines, last].join('\n')}\n`
}

function renderProblem(
  { file, line, column, level, message, hint, source }: PlacedProblem,
  paint: Paint,
  columns: number,
): string[] {
  const place = file === undefined ? '' : `${escapeLine(file)}:${line}:${column}: `
  const label = level === 'error' ? '' : level === 'warning' ? paint.commit(words.warning) : paint.dim(words.info)
  const head = `${place}${label}${escapeLine(message)}`
  if (!source || source.length === 0) return [head, `       ${paint.dim(escapeLine(hint))}`]
  const width = Math.max(...source.map(({ number }) => String(number).length), 2)
  const shown = source.map(
    ({ number, text }) => `    ${String(number).padStart(width)} | ${cut(escapeLine(text), columns - width - 7)}`,
  )
  const before = escapeLine((source.at(-1)?.text ?? '').slice(0, (column ?? 1) - 1))
  const caret = `    ${' '.repeat(width)} | ${' '.repeat(Math.min(before.length, columns - width - 12))}${paint.bad('^')} ${escapeLine(hint)}`
  return [head, ...shown, caret]
}

const cut = (text: string, columns: number) =>
  text.length > columns && columns > 1 ? `${text.slice(0, columns - 1)}…` : text

function summary({ problems, waived, facts }: CheckReport): string {
  const looked = facts.drafts.filter(({ file }) => facts.isFocus(file))
  const commits = facts.change ? `, ${plural(facts.change.commits.length, 'commit')}` : ''
  const pass = waived.length > 0 ? ` ${formatCount(waived.length)} waived.` : ''
  if (problems.length === 0) return `prov: ${plural(looked.length, 'decision')}${commits}: no problems.${pass}`
  const files = new Set(problems.flatMap(({ file }) => (file !== undefined && file !== 'prov.yaml' ? [file] : [])))
  const worst = ['error', 'warning', 'info'].flatMap(
    (level) => problems.find((problem) => problem.level === level) ?? [],
  )[0]
  const where =
    files.size > 0
      ? ` in ${files.size} of ${plural(looked.length, 'decision')}`
      : ` in ${plural(looked.length, 'decision')}${commits}`
  return `${counts(problems)}${where}.${pass} Explain: git prov check --explain ${worst?.rule}`
}

function counts(problems: readonly PlacedProblem[]): string {
  const count = (level: string) => problems.filter((problem) => problem.level === level).length
  const parts = [
    count('error') > 0 && plural(count('error'), 'problem'),
    count('warning') > 0 && plural(count('warning'), 'warning'),
    count('info') > 0 && plural(count('info'), 'remark'),
  ].filter(Boolean)
  return parts.join(', ')
}
