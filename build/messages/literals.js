import { parseSync } from 'oxc-parser'
import { isErrorMessage, isForPeople, isForPrograms } from './context.js'
import { shellCommentsOf, shellTextsOf } from './shell.js'
import { hasLetters, hasWords, linesOf, textOf } from './text.js'

/**
 * Every text of a TypeScript or JavaScript file that a person may read: its literals, less those whose place in the
 * syntax shows that they are for a program. A literal of several lines is several texts, and of a script what it prints.
 * Throws where a file cannot be parsed.
 * @returns {{ at: number, text: string, isError?: boolean }[]}
 */
export function literalsOf(path, source) {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const found = []
  walk(program, [], (node, parents) => {
    if (isForPrograms(node, parents)) return false
    const text = textOf(node, source)
    if (text === undefined) return true
    const isError = isErrorMessage(parents)
    const lines = linesOf(text, node, source).map((line) => ({ ...line, isError }))
    const isMessage = isForPeople(node, parents) ? hasLetters : hasWords
    found.push(...(isScript(text) ? scriptTextsOf(text, lines) : lines.filter((line) => isMessage(line.text))))
    return true
  })
  return found
}

/** Some of the scripts we install and print stand in a literal. */
const isScript = (text) =>
  text.split('\n').length > 3 && /^(#!\/bin\/sh|set -eu|(if|case|for) .*|fi|done|esac)$/m.test(text)

function scriptTextsOf(script, lines) {
  return [...shellCommentsOf(script), ...shellTextsOf(script)].map(({ at, text }) => ({
    at: lines[script.slice(0, at).split('\n').length - 1].at,
    text,
  }))
}

/** Calls `visit` on each node with its parents, nearest last; a node it answers with false is not looked into. */
function walk(node, parents, visit) {
  if (!visit(node, parents)) return
  parents.push(node)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const child of value) if (child?.type) walk(child, parents, visit)
    if (typeof value?.type === 'string') walk(value, parents, visit)
  }
  parents.pop()
}
