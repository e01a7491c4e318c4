/** Rows {what, value, limit, unit} or {what, note} as a table: measured, limit, verdict. */
export function renderRows(rows) {
  const cells = rows.map(({ what, value, limit, unit = '', note }) =>
    value === undefined
      ? [what, note, '', '']
      : [
          what,
          format(value, unit),
          limit === undefined ? '' : `≤ ${limit}${unit && ` ${unit}`}`,
          verdict(value, limit),
        ],
  )
  const table = [['what', 'measured', 'limit', ''], ...cells]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)))
  return table
    .map((row) =>
      row
        .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function format(value, unit) {
  return `${value >= 100 ? Math.round(value) : value.toFixed(2)}${unit && ` ${unit}`}`
}

function verdict(value, limit) {
  if (limit === undefined) return ''
  return value <= limit ? 'ok' : 'over'
}
