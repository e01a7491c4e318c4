import { type GitObject, type ObjectReader, parseTree } from '../../git/objects/objects.ts'

/**
 * A notes tree for looking up many commits: each folder of its fan-out is read once. What it answers for one commit is
 * what findNote of notes.ts answers.
 */
export class NotesTree {
  readonly #objects: ObjectReader
  readonly #folders = new Map<string, Promise<GitObject | undefined>>()

  constructor(objects: ObjectReader, notes: string | undefined) {
    this.#objects = objects
    if (!notes) this.#folders.set('', Promise.resolve(undefined))
    else this.#folders.set('', this.#objects.read(`${notes}^{tree}`))
  }

  /** Begins to read every folder of the first level, where very many commits will be asked for. */
  async begin(): Promise<void> {
    const top = await this.#folders.get('')
    const folders = top?.type === 'tree' ? parseTree(top).filter(({ mode }) => mode === '40000') : []
    for (const { name, oid } of folders) this.#read(`${name}/`, oid).catch(() => {})
  }

  async find(commit: string): Promise<{ path: string; text: string }> {
    let folder = await this.#folders.get('')
    for (let depth = 0, place = ''; ; depth++) {
      const rest = commit.slice(depth * 2)
      const found = folder?.type === 'tree' ? lookUp(folder, rest) : {}
      if (found.note) return { path: place + rest, text: await this.#text(found.note) }
      if (!found.folder) return { path: depth === 0 ? `${rest.slice(0, 2)}/${rest.slice(2)}` : place + rest, text: '' }
      place += `${rest.slice(0, 2)}/`
      folder = await this.#read(place, found.folder)
    }
  }

  #read(place: string, oid: string): Promise<GitObject | undefined> {
    const known = this.#folders.get(place)
    if (known) return known
    const reading = this.#objects.read(oid)
    this.#folders.set(place, reading)
    return reading
  }

  async #text(oid: string): Promise<string> {
    return (await this.#objects.read(oid))?.body.toString('utf8') ?? ''
  }
}

const [space, folderMode] = [32, 52]

/**
 * The note of that name in a tree, and the folder of its first two digits. Of the others nothing is made: a folder of
 * notes is looked through for each of its commits.
 */
function lookUp({ body, oid }: GitObject, rest: string): { note?: string; folder?: string } {
  const [first, second, size] = [rest.charCodeAt(0), rest.charCodeAt(1), oid.length / 2]
  const found: { note?: string; folder?: string } = {}
  for (let at = 0; at < body.length; ) {
    // `<mode> SP <name> NUL <object>`; the mode of a folder has five digits, 40000, of all else six.
    const name = at + (body[at + 5] === space ? 6 : 7)
    const mayMatch = body[name] === first && body[name + 1] === second
    const end = body[name + 2] === 0 ? name + 2 : body.indexOf(0, name)
    if (end < 0) break
    if (mayMatch && body[at] === folderMode && end === name + 2)
      found.folder = body.toString('hex', end + 1, end + 1 + size)
    else if (mayMatch && body[at] !== folderMode && body.toString('latin1', name, end) === rest)
      found.note = body.toString('hex', end + 1, end + 1 + size)
    at = end + 1 + size
  }
  return found
}
