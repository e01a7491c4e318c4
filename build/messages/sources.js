import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { literalsOf } from './literals.js'
import { schemaTextsOf } from './schema.js'
import { shellCommentsOf, shellTextsOf } from './shell.js'
import { yamlTextsOf } from './yaml.js'

/** Where what people read is written, and how each is read. */
const sources = [
  { folder: 'src', ending: '.ts', read: (text, path) => literalsOf(path, text) },
  { folder: 'build', only: ['man-page.js'], read: (text, path) => literalsOf(path, text) },
  { folder: 'ci', ending: '.mjs', read: (text, path) => literalsOf(path, text) },
  { folder: 'ci', ending: '.sh', read: shellTextsOf },
  { folder: 'ci', ending: '.yml', read: yamlTextsOf },
  { folder: 'hooks', ending: '.sh', read: (text) => [...shellCommentsOf(text), ...shellTextsOf(text)] },
  { folder: '.', only: ['action.yml'], read: yamlTextsOf },
]
/** The manual page has the descriptions of one schema; an editor shows those of all. */
const schemas = { folder: 'schemas', ending: '.json', read: schemaTextsOf }

/** All texts of the sources, as `{ file, line, text, isError }`, by file and line. */
export function readSources(root, { withSchemas }) {
  const found = [...sources, ...(withSchemas ? [schemas] : [])].flatMap((source) =>
    filesOf(root, source).flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      const lineAt = lineFinder(text)
      return source.read(text, file).map(({ at, text: words, isError = false }) => ({
        file,
        line: lineAt(at),
        text: words.replace(/\s+/g, ' ').trim(),
        isError,
      }))
    }),
  )
  return found.sort((a, b) => compare(a.file, b.file) || a.line - b.line)
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

function filesOf(root, { folder, ending, only }) {
  const names = only ?? readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith(ending))
  return names.filter((name) => !name.startsWith('generated/')).map((name) => join(folder, name).replaceAll('\\', '/'))
}

function lineFinder(text) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return (at) => starts.findLastIndex((start) => start <= at) + 1
}
