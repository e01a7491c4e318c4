// Version 1.1.0: measurements standardised with the mean and deviation of the rows it is fitted on.
const names = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g']

export function fitFeatures(rows) {
  const fitted = names.map((name) => {
    const values = rows.map((row) => Number(row[name]))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return { name, mean, deviation: Math.sqrt(variance) }
  })
  return (row) => fitted.map(({ name, mean, deviation }) => (Number(row[name]) - mean) / deviation)
}
