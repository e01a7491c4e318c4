const head = ['what', 'measured', 'limit', 'aim', '']

/** Renders rows {what, value, limit?, aim?, unit} or {what, note} as a table: measured, limit, aim, ok or over. */
export function renderRows(rows) {
  const table = [head, ...rows.map(cells)]
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row.length > 2 ? row[column].length : 0))))
  widths[0] = Math.max(...table.map(([what]) => what.length))
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()
  return table.map(line).join('\n')
}

function cells({ what, value, limit, aim, unit = '', note }) {
  if (value === undefined) return [what, note]
  const bound = (number) => (number === undefined ? '' : `≤ ${number} ${unit}`.trimEnd())
  return [what, `${format(value)} ${unit}`.trimEnd(), bound(limit), bound(aim), verdict(value, limit)]
}

const format = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2))

function verdict(value, limit) {
  if (limit === undefined) return ''
  return value <= limit ? 'ok' : 'over'
}
