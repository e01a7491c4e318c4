import { createHash } from 'node:crypto'
import { digestOf } from '../base/digest.ts'
import type { GitObject, ObjectReader } from '../git/objects/objects.ts'

const maxParsed = 16 * 1024 * 1024

/** Reads files from commits; parsed files are cached by blob. */
export class CommitFiles {
  readonly #objects: ObjectReader
  readonly #parsed = new Map<string, Promise<unknown>>()
  readonly #digests = new Map<string, { md5: string; digest: string }>()

  constructor(objects: ObjectReader) {
    this.#objects = objects
  }

  /** A blob by its path in a commit, relative to the top; undefined when there is none. */
  async read(commit: string, path: string): Promise<GitObject | undefined> {
    if (/[\n\0]|^\/|^\.\.\//.test(path)) return undefined
    const object = await this.#objects.read(`${commit}:${path}`)
    return object?.type === 'blob' ? object : undefined
  }

  async readBlob(oid: string): Promise<GitObject | undefined> {
    return /^0+$/.test(oid) ? undefined : await this.#objects.read(oid)
  }

  /** Calls `parse` once per version of a file. */
  parsed<T>(blob: GitObject, kind: string, parse: (blob: GitObject) => Promise<T>): Promise<T> {
    const key = `${blob.oid} ${kind}`
    const known = this.#parsed.get(key) as Promise<T> | undefined
    const result = known ?? parse(blob)
    this.#parsed.set(key, result)
    return result
  }

  /** The SHA-256 of a blob's content if it has this MD5. */
  digestIf(blob: GitObject, md5: string): string | undefined {
    let both = this.#digests.get(blob.oid)
    if (!both) {
      both = { md5: createHash('md5').update(blob.body).digest('hex'), digest: digestOf(blob.body) }
      this.#digests.set(blob.oid, both)
    }
    return both.md5 === md5 ? both.digest : undefined
  }
}

/** Parses YAML without aliases or warnings; undefined when it is invalid or too large. */
export async function parseYaml(blob: GitObject): Promise<unknown> {
  return blob.body.length > maxParsed ? undefined : await parseYamlText(blob.body.toString('utf8'))
}

export async function parseYamlText(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'error', prettyErrors: false })
  } catch {
    return undefined
  }
}
