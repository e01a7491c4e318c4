import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const top = resolve(import.meta.dirname, '..')
const src = join(top, 'src')
const rooms = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'generated')
  .map(({ name }) => name)

const read = (path: string) => readFileSync(join(top, path), 'utf8')

/** What each file of src and test exports, by its path from the top. */
const exported = new Map(
  ['src', 'test'].flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .map((name): [string, string[]] => [`${folder}/${name}`, exportsOf(read(`${folder}/${name}`))]),
  ),
)

function exportsOf(text: string): string[] {
  const declared = text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm)
  return [...declared].map(([, name]) => name as string)
}

/** The files that export a name, below a folder. */
const homesOf = (name: string, below = 'src/') =>
  [...exported].filter(([file, names]) => file.startsWith(below) && names.includes(name)).map(([file]) => file)

const quoted = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word as string)
const isName = (word: string) => /^[A-Za-z]\w*$/.test(word)

/** Files, folders (with a slash at the end) and exports that a room's first file names, and that are not there. */
function missingIn(room: string, text: string): string[] {
  return quoted(text).filter((word) => {
    if (isName(word)) return homesOf(word, `src/${room}/`).length === 0
    if (!/(\.ts|\/)$/.test(word) || /[ <]/.test(word)) return false
    return ![`src/${room}`, '.'].some((folder) => existsSync(join(top, folder, word)))
  })
}

it('every room has a first file, short enough to be read, that names what is there', () => {
  const wrong = rooms.flatMap((room) => {
    const path = `src/${room}/README.md`
    if (!existsSync(join(top, path))) return [`${path} is missing`]
    const text = read(path)
    const lines = text.trimEnd().split('\n').length
    return [
      ...(lines > 12 ? [`${path} has ${lines} lines`] : []),
      ...missingIn(room, text).map((word) => `${path}: ${word} is not there`),
    ]
  })
  expect(wrong).toEqual([])
})

const documents = ['ARCHITECTURE.md', 'CONTRIBUTING.md']
const firstFiles = rooms.map((room) => `src/${room}/README.md`)

it.each([...documents, ...firstFiles])('%s names paths that exist', (document) => {
  const paths = read(document).matchAll(
    /(?<![\w./-])(?:src|test|build|bench|schemas|docs|ci|hooks)\/[\w./-]*\w(?:\/|\b)/g,
  )
  const missing = [...paths].map(([path]) => path).filter((path) => !existsSync(join(top, path)))
  expect(missing).toEqual([])
})

it.each(documents)('%s names functions where they are', (document) => {
  const named = read(document).matchAll(/`(\w+)`\s+in\s+`?((?:src|test)\/[\w./-]+\.ts)/g)
  const wrong = [...named]
    .filter(([, name, file]) => !exported.get(file as string)?.includes(name as string))
    .map(([, name, file]) => `${name} is not in ${file}, but in ${homesOf(name as string).join(', ') || 'no file'}`)
  expect(wrong).toEqual([])
})

it('every name in ARCHITECTURE.md is exported by a file of src', () => {
  expect(quoted(read('ARCHITECTURE.md')).filter((word) => isName(word) && homesOf(word).length === 0)).toEqual([])
})

it('ARCHITECTURE.md draws every room, and has a line for it', () => {
  const text = read('ARCHITECTURE.md')
  const drawing = text.match(/```\n([\s\S]*?)```/)?.[1] ?? ''
  const drawn = new Set(drawing.match(/[\w-]+/g))
  expect(rooms.filter((room) => !drawn.has(room) || !text.includes(`\n| ${room} `))).toEqual([])
})
