import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'

const most = 500
const longest = 512

/**
 * Texts a redactor found nothing in, kept from one capture to the next: the paths and words of a capture are the same
 * on every commit. What the redactor's id does not vouch for is forgotten; a text that holds something is never kept.
 */
export class CleanTexts {
  readonly #file: string
  readonly #id: string
  readonly #known: ReadonlySet<string>
  readonly #used = new Set<string>()

  constructor(cacheDir: string, redactorId: string) {
    this.#file = join(cacheDir, 'clean-texts.json')
    this.#id = redactorId
    this.#known = this.#read()
  }

  has(text: string): boolean {
    if (!this.#known.has(text) && !this.#used.has(text)) return false
    this.#used.add(text)
    return true
  }

  add(text: string): void {
    if (text.length <= longest) this.#used.add(text)
  }

  /** Writes down what came to be known. Of too many, those that were not asked for go. */
  keep(): void {
    if ([...this.#used].every((text) => this.#known.has(text))) return
    const all = new Set([...this.#known, ...this.#used])
    const texts = [...(all.size > most ? this.#used : all)].slice(0, most)
    replaceFile(this.#file, JSON.stringify({ id: this.#id, texts }))
  }

  #read(): ReadonlySet<string> {
    try {
      const { id, texts } = JSON.parse(readFileSync(this.#file, 'utf8')) as { id: string; texts: string[] }
      return new Set(id === this.#id ? texts : [])
    } catch {
      return new Set()
    }
  }
}
