import type { GitObject, ObjectReader } from '../../git/objects/objects.ts'
import { parseTree } from '../../git/objects/objects.ts'

/** Where the note of a commit lies in a notes tree, and what it says now. */
export interface NotePlace {
  path: string
  text: string
}

/**
 * Finds a commit's note through whatever fan-out the notes tree has (git-notes(1): two-digit folders as notes grow),
 * or the path it would have: in the fan-out that is there, and one level deep in a new tree.
 */
export async function findNote(objects: ObjectReader, notes: string | undefined, commit: string): Promise<NotePlace> {
  const oneLevel = { path: `${commit.slice(0, 2)}/${commit.slice(2)}`, text: '' }
  if (!notes) return oneLevel
  for (let depth = 0, folder = ''; ; depth++) {
    const rest = commit.slice(depth * 2)
    const tree = await objects.read(folder ? `${notes}:${folder}` : `${notes}^{tree}`)
    const found = tree?.type === 'tree' ? lookUp(tree, rest) : undefined
    if (found?.kind === 'note') return { path: join(folder, rest), text: await readText(objects, found.oid) }
    if (found?.kind !== 'folder') return depth === 0 ? oneLevel : { path: join(folder, rest), text: '' }
    folder = join(folder, rest.slice(0, 2))
  }
}

/** The path of a note at a known depth of fan-out. */
export function notePath(commit: string, depth: number): string {
  const parts = Array.from({ length: depth }, (_, level) => commit.slice(level * 2, level * 2 + 2))
  return [...parts, commit.slice(depth * 2)].join('/')
}

const join = (folder: string, name: string) => (folder ? `${folder}/${name}` : name)

function lookUp(tree: GitObject, rest: string): { kind: 'note'; oid: string } | { kind: 'folder' } | undefined {
  let folder = false
  for (const entry of parseTree(tree)) {
    if (entry.name === rest) return { kind: 'note', oid: entry.oid }
    if (entry.mode === '40000' && entry.name === rest.slice(0, 2)) folder = true
  }
  return folder ? { kind: 'folder' } : undefined
}

async function readText(objects: ObjectReader, oid: string): Promise<string> {
  const blob = await objects.read(oid)
  return blob?.type === 'blob' ? blob.body.toString('utf8') : ''
}
