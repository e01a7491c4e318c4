import type { Place, StartedGit } from '../run.ts'
import { type NewCommit, namesIn, safe, startImport } from './fast-import.ts'

/**
 * A `git fast-import` for very many notes, which it does not compress: zlib would take half of all it needs for them and save 45
 * bytes of each, since they are stored as differences and their trees are names, which do not compress.
 */
export function startLargeImport(place: Place): StartedGit {
  return startImport(place, ['-c', 'pack.compression=0'])
}

/** A commit without parents whose files go to git one by one, before it is known what else belongs to it. */
export class GradualCommit {
  readonly #place: Place & { gitDir: string }
  readonly #git: StartedGit
  #marks = 0
  #unsent = ''

  constructor(place: Place & { gitDir: string }) {
    this.#place = place
    this.#git = startLargeImport(place)
  }

  /** Gives git a file's content; returns the number to name it by in `finish`. */
  add(text: string): number {
    this.#marks += 1
    this.#unsent += `blob\nmark :${this.#marks}\ndata ${Buffer.byteLength(text)}\n${text}\n`
    return this.#marks
  }

  /** Lets git have what was added so far. */
  async flush(): Promise<void> {
    const text = this.#unsent
    this.#unsent = ''
    if (text !== '') await this.#git.write(text)
  }

  /** Makes the commit of these files, path to number, and returns its name. Throws `git`. */
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

  /** Ends it with nothing made. */
  async drop(): Promise<void> {
    await this.#git.finish('done\n')
  }
}
