import { findEntries, type GitObject, type ObjectReader } from '../git/objects.ts'

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

  async find(commit: string): Promise<{ path: string; text: string }> {
    let folder = await this.#folders.get('')
    for (let depth = 0, place = ''; ; depth++) {
      const rest = commit.slice(depth * 2)
      const [note, deeper] = folder?.type === 'tree' ? findEntries(folder, [rest, rest.slice(0, 2)]) : []
      if (note && note.mode !== '40000') return { path: place + rest, text: await this.#text(note.oid) }
      if (deeper?.mode !== '40000')
        return { path: depth === 0 ? `${rest.slice(0, 2)}/${rest.slice(2)}` : place + rest, text: '' }
      place += `${rest.slice(0, 2)}/`
      folder = await this.#read(place, deeper.oid)
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
