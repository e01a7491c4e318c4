/**
 * The descriptions in a JSON schema, which editors show and the manual page prints.
 * @returns {{ at: number, text: string }[]}
 */
export function schemaTextsOf(source) {
  const texts = []
  JSON.parse(source, (key, value) => {
    if (key === 'description' && typeof value === 'string') texts.push(value)
    return value
  })
  let from = 0
  return texts.map((text) => {
    const found = source.indexOf(JSON.stringify(text), from)
    if (found >= 0) from = found + 1
    return { at: Math.max(found, 0), text }
  })
}
