import { type CaptureNote, latestCapture, type NoteLine, parseNote } from '../core/note.ts'
import { type ObjectReader, parseCommit } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { findNote } from './notes.ts'
import type { Settings } from './settings.ts'
import { TreeIndex } from './tree-index.ts'

/** How a commit was matched with a capture. `patch-id` is kept for readers; nothing writes it yet. */
type MatchedBy = 'commit' | 'rewrite' | 'tree' | 'patch-id'

/** The capture a commit has, and how it was found. */
export interface Resolved {
  capture: CaptureNote
  matchedBy: MatchedBy
  /** The commit the capture is about, when it is another one. */
  of?: string
}

/**
 * Finds captures of commits: the commit's own; else that of the commit it was rewritten from; else that of a commit
 * with the very same tree. Never a guess.
 */
export class Resolver {
  readonly #repository: Repository
  readonly #objects: ObjectReader
  readonly #settings: Settings
  #trees: Promise<TreeIndex> | undefined

  constructor(repository: Repository, objects: ObjectReader, settings: Settings) {
    this.#repository = repository
    this.#objects = objects
    this.#settings = settings
  }

  /** `lines` are those of the commit's own note. */
  async resolve(commit: string, tree: string, lines: readonly NoteLine[]): Promise<Resolved | undefined> {
    const own = latestCapture(lines)
    if (own) return { capture: own, matchedBy: 'commit' }
    return (await this.#fromRewrite(lines)) ?? (await this.#fromTree(commit, tree))
  }

  async readLines(commit: string): Promise<NoteLine[]> {
    const { text } = await findNote(this.#objects, this.#settings.notesRef, commit)
    return parseNote(text).lines
  }

  async readMessage(commit: string): Promise<string> {
    const object = await this.#objects.read(commit)
    return object?.type === 'commit' ? parseCommit(object).message.trimEnd() : ''
  }

  async #fromRewrite(lines: readonly NoteLine[], depth = 0): Promise<Resolved | undefined> {
    if (depth > 100) return undefined
    for (const line of lines.toReversed()) {
      if (line.kind !== 'rewrite') continue
      for (const old of line.from.toReversed()) {
        const oldLines = await this.readLines(old)
        const capture = latestCapture(oldLines)
        if (capture) return { capture, matchedBy: 'rewrite', of: old }
        const further = await this.#fromRewrite(oldLines, depth + 1)
        if (further) return further
      }
    }
    return undefined
  }

  async #fromTree(commit: string, tree: string): Promise<Resolved | undefined> {
    this.#trees ??= TreeIndex.open(this.#repository, this.#settings)
    const other = (await this.#trees).find(tree)
    if (!other || other === commit) return undefined
    const capture = latestCapture(await this.readLines(other))
    return capture && { capture, matchedBy: 'tree', of: other }
  }
}
