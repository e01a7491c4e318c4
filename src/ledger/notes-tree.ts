import { type GitObject, type ObjectReader, parseTree } from '../git/objects.ts'

type Folder = ReadonlyMap<string, { oid: string; folder: boolean }>

/**
 * A notes tree for looking up many commits: each folder of its fan-out is read once. What it answers for one commit is
 * what findNote of notes.ts answers.
 */
export class NotesTree {
  readonly #objects: ObjectReader
  readonly #notes: string | undefined
  readonly #folders = new Map<string, Promise<Folder>>()

  constructor(objects: ObjectReader, notes: string | undefined) {
    this.#objects = objects
    this.#notes = notes
  }

  async find(commit: string): Promise<{ path: string; text: string }> {
    for (let depth = 0, place = ''; ; depth++) {
      const rest = commit.slice(depth * 2)
      const folder = await this.#read(place)
      const note = folder.get(rest)
      if (note && !note.folder) return { path: place + rest, text: await this.#text(note.oid) }
      const deeper = folder.get(rest.slice(0, 2))
      if (!deeper?.folder)
        return { path: depth === 0 ? `${rest.slice(0, 2)}/${rest.slice(2)}` : place + rest, text: '' }
      place += `${rest.slice(0, 2)}/`
    }
  }

  #read(place: string): Promise<Folder> {
    const known = this.#folders.get(place)
    if (known) return known
    const name = place === '' ? `${this.#notes}^{tree}` : `${this.#notes}:${place.slice(0, -1)}`
    const reading = this.#notes ? this.#objects.read(name).then(toFolder) : Promise.resolve(new Map())
    this.#folders.set(place, reading)
    return reading
  }

  async #text(oid: string): Promise<string> {
    return (await this.#objects.read(oid))?.body.toString('utf8') ?? ''
  }
}

function toFolder(object: GitObject | undefined): Folder {
  const entries = object?.type === 'tree' ? parseTree(object) : []
  return new Map(entries.map(({ name, mode, oid }) => [name, { oid, folder: mode === '40000' }]))
}
