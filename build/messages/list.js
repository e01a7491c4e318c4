import { exclusions } from './exclusions.js'
import { readSources } from './sources.js'

const isExcluded = ({ file, text }) => exclusions.some((one) => (one.file?.test(file) ?? true) && one.text.test(text))

/**
 * Every text a user can read, once, with each place where it stands; by the first of them.
 * @returns {{ text: string, places: { file: string, line: number }[] }[]}
 */
export function listMessages(root, { withSchemas = false } = {}) {
  const messages = new Map()
  for (const { file, line, text } of readSources(root, { withSchemas }).filter((one) => !isExcluded(one))) {
    const known = messages.get(text)
    if (known) known.places.push({ file, line })
    else messages.set(text, { text, places: [{ file, line }] })
  }
  return [...messages.values()]
}
