/** One season's rows of the published data. */
export function rowsOf(year: number, csv: string): string {
  const [head, ...rows] = csv.trimEnd().split('\n')
  return `${[head, ...rows.filter((row) => row.endsWith(`,${year}`))].join('\n')}\n`
}

/** Without rows of penguins that were not measured. */
export function measuredRows(csv: string): string {
  return csv
    .split('\n')
    .filter((line) => !/^\w+,\w+,(NA|),/.test(line))
    .join('\n')
}
