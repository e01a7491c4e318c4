import { type GitObject, type ObjectReader, parseTree, type TreeEntry } from '../../git/objects/objects.ts'

/** Links followed before a path is called a loop, as Linux counts (path_resolution(7)). */
const mostLinks = 40

/** Where a path leads in a commit, links followed. */
export interface Place {
  /** From the top, links resolved. */
  path: string
  entry: TreeEntry
}

type Folder = ReadonlyMap<string, TreeEntry>

/** A commit's tree read by path. Paths are byte strings from the top; `''` is the top itself. */
export class CommitTree {
  readonly #objects: ObjectReader
  readonly #commit: string
  readonly #folders = new Map<string, Promise<Folder | undefined>>()

  constructor(objects: ObjectReader, commit: string) {
    this.#objects = objects
    this.#commit = commit
  }

  /** What stands at a path; undefined when nothing does, or a link or a file stands on the way. */
  async entryAt(path: string): Promise<TreeEntry | undefined> {
    if (path === '') {
      const tree = await this.#objects.read(`${this.#commit}^{tree}`)
      return tree && { mode: '40000', oid: tree.oid, name: '' }
    }
    const slash = path.lastIndexOf('/')
    return (await this.#list(slash < 0 ? '' : path.slice(0, slash)))?.get(path.slice(slash + 1))
  }

  /** What a path leads to, links followed on the way and at its end; undefined when that is not in the commit. */
  async follow(path: string): Promise<Place | undefined> {
    const done: string[] = []
    const ahead = path.split('/').reverse()
    let links = 0
    for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
      if (part === '' || part === '.') continue
      if (part === '..') {
        if (done.pop() === undefined) return undefined
        continue
      }
      const entry = await this.entryAt([...done, part].join('/'))
      if (!entry) return undefined
      if (entry.mode !== '120000') done.push(part)
      else {
        const target = await this.blob(entry.oid)
        if (!target || target.body[0] === 47 || ++links > mostLinks) return undefined
        ahead.push(...target.body.toString('latin1').split('/').reverse())
      }
    }
    const entry = await this.entryAt(done.join('/'))
    return entry && { path: done.join('/'), entry }
  }

  async blob(oid: string): Promise<GitObject | undefined> {
    const object = await this.#objects.read(oid)
    return object?.type === 'blob' ? object : undefined
  }

  #list(path: string): Promise<Folder | undefined> {
    const known = this.#folders.get(path)
    if (known) return known
    const list = this.#read(path).then((tree) =>
      tree?.type === 'tree' ? new Map(parseTree(tree).map((entry) => [entry.name, entry])) : undefined,
    )
    this.#folders.set(path, list)
    return list
  }

  /** By its name where `git cat-file --batch` can be asked by it, which is what the hook script reads ahead. */
  async #read(path: string): Promise<GitObject | undefined> {
    const text = Buffer.from(path, 'latin1').toString('utf8')
    if (!path.includes('\n') && Buffer.from(text, 'utf8').toString('latin1') === path)
      return await this.#objects.read(`${this.#commit}:${text}`)
    const entry = await this.entryAt(path)
    return entry && (await this.#objects.read(entry.oid))
  }
}
