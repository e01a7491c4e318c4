import { escapeLine } from '../../base/escape.ts'
import { plural } from '../../base/quantity.ts'
import { type DecisionView, isStale, overdue } from '../model/view.ts'

/** One line per decision: id, status, role, title, and what needs attention. Cut to the terminal's width. */
export function renderDecisionList(
  views: readonly DecisionView[],
  { today, columns }: { today: string; columns: number },
): string[] {
  const rows = views.map((view) => [view.slug, view.status, view.role ?? '', tail(view, today)] as const)
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length), 0))
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] as number) : cell))
    const line = cells
      .filter((_, column) => column !== 2 || widths[2] !== 0)
      .join('  ')
      .trimEnd()
    return line.length > columns ? `${line.slice(0, columns - 1)}…` : line
  })
}

function tail(view: DecisionView, today: string): string {
  const late = overdue(view, today)
  const notes = [
    view.problems[0] && `line ${view.problems[0].line}: ${view.problems[0].message}`,
    isStale(view) && 'stale',
    late.length > 0 && `${plural(late.length, 'follow-up')} overdue`,
    view.edited && 'edited since it was recorded',
  ].filter(Boolean)
  const title = view.title ?? ''
  return escapeLine([notes.length > 0 ? `(${notes.join('; ')})` : '', title].filter(Boolean).join(' '))
}
