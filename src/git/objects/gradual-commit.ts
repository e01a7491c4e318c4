import type { Place, StartedGit } from '../run.ts'
import { type NewCommit, namesIn, safe, startImport } from './fast-import.ts'

/**
 * A `git fast-import` for very many notes, without compression: zlib would take half of the whole time and save 45 bytes
 * per note, since notes are stored as deltas and their trees are object names, which do not compress.
 */
export function startLargeImport(place: Place): StartedGit {
  return startImport(place, ['-c', 'pack.compression=0'])
}

/** A parentless commit whose files are streamed to git one by one, before the full list is known. */
export class GradualCommit {
  readonly #place: Place & { gitDir: string }
  readonly #git: StartedGit
  #marks = 0
  #unsent = ''

  constructor(place: Place & { gitDir: string }) {
    this.#place = place
    this.#git = startLargeImport(place)
  }

  /** Adds a file's content; returns its mark, to be used in `finish`. */
  add(text: string): number {
    this.#marks += 1
    this.#unsent += `blob\nmark :${this.#marks}\ndata ${Buffer.byteLength(text)}\n${text}\n`
    return this.#marks
  }

  /** Sends git what was added so far. */
  async flush(): Promise<void> {
    const text = this.#unsent
    this.#unsent = ''
    if (text !== '') await this.#git.write(text)
  }

  /** Creates the commit from these files, path to mark, and returns its name. Throws `git`. */
  async finish({ ident, message }: Pick<NewCommit, 'ident' | 'message'>, files: Iterable<[string, number]>) {
    await this.flush()
    const mark = this.#marks + 1
    const data = `data ${Buffer.byteLength(message)}\n${message}\n`
    this.#unsent = `commit refs/prov/tmp/1\nmark :${mark}\nauthor ${ident}\ncommitter ${ident}\n${data}`
    for (const [path, file] of files) {
      this.#unsent += `M 100644 :${file} ${safe(path)}\n`
      if (this.#unsent.length > 65_536) await this.flush()
    }
    await this.flush()
    const end = `get-mark :${mark}\nreset refs/prov/tmp/1\n\ndone\n`
    return namesIn(this.#place, await this.#git.finish(end), 1)[0] as string
  }

  /** Ends the process without creating a commit. */
  async drop(): Promise<void> {
    await this.#git.finish('done\n')
  }
}
