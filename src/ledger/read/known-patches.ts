import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import { patchIds } from '../../git/history/patch-ids.ts'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../local/local-dir.ts'

// One commit costs two processes and a diff; a page of a log asks for few, and each is asked for once.
const most = 1000

/** Patch ids of commits that have no capture, each made once and kept in the local folder. */
export class KnownPatches {
  readonly #repository: Repository
  readonly #file: string
  readonly #ids: Record<string, string>
  #made = 0

  constructor(repository: Repository) {
    this.#repository = repository
    this.#file = join(localDir(repository).cache, 'patch-ids.json')
    this.#ids = readKept(this.#file)
  }

  async find(commit: string): Promise<string | undefined> {
    const known = this.#ids[commit]
    if (known !== undefined) return known || undefined
    if (this.#made >= most) return undefined
    this.#made += 1
    const id = (await patchIds(this.#repository, [commit])).get(commit)
    this.#ids[commit] = id ?? ''
    replaceFile(this.#file, JSON.stringify(this.#ids))
    return id
  }
}

function readKept(file: string): Record<string, string> {
  try {
    return Object.assign(Object.create(null), JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return Object.create(null)
  }
}
