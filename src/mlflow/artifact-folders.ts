import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The folders that clients put artifacts into, below one root. Named after runs and models, so that the same script in
 * a clean work tree gets the same paths again, and created at once, so that no two processes share one.
 */
export class ArtifactFolders {
  readonly root: string
  readonly #made: string[] = []
  readonly #taken: ReadonlySet<string>

  constructor(root: string, taken: ReadonlySet<string> = new Set()) {
    this.root = root
    this.#taken = taken
  }

  uriOf(folder: string): string {
    return pathToFileURL(join(this.root, folder)).href
  }

  /** `runs/<name>`, or `runs/<name>-2` and so on when that is taken. */
  reserve(table: 'runs' | 'models', name: string): string {
    const clean = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')
    const slug = clean.slice(0, 100) || 'unnamed'
    for (let n = 1; ; n++) {
      const folder = `${table}/${slug}${n > 1 ? `-${n}` : ''}`
      if (!this.#taken.has(folder) && this.#make(folder)) return folder
    }
  }

  /** Removes folders that stayed empty. */
  release(): void {
    for (const folder of this.#made) remove(join(this.root, folder))
    for (const folder of ['runs', 'models', '']) remove(join(this.root, folder))
  }

  /** False when it exists already. An unwritable root is left for the client to report. */
  #make(folder: string): boolean {
    const path = join(this.root, folder)
    try {
      mkdirSync(dirname(path), { recursive: true })
      mkdirSync(path)
      this.#made.push(folder)
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EEXIST'
    }
  }
}

/** Whether a folder has any entry. */
export function holdsFiles(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}

function remove(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // not empty, or gone
  }
}
