import { isScalar, parseDocument, visit } from 'yaml'
import { shellTextsOf } from './shell.js'
import { hasLetters } from './text.js'

/**
 * What a CI file shows to people: names and descriptions, and what its steps print.
 * @returns {{ at: number, text: string }[]}
 */
export function yamlTextsOf(source) {
  const found = []
  visit(parseDocument(source), {
    Pair(_, { key, value }) {
      if (!isScalar(value) || typeof value.value !== 'string') return
      const at = value.range[0]
      if (['name', 'description'].includes(key.value)) found.push({ at, text: value.value })
      if (['run', 'script'].includes(key.value))
        found.push(...shellTextsOf(value.value).map(({ text }) => ({ at, text })))
    },
  })
  return found.filter(({ text }) => hasLetters(text))
}
