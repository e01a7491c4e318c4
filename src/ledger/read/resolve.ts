import { type ObjectReader, parseCommit } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { type NoteLine, parseNote } from '../../records/note.ts'
import { type CaptureNote, latestCapture } from '../../records/note-lines/capture-note.ts'
import { PatchIndex } from '../index/patch-index.ts'
import { TreeIndex } from '../index/tree-index.ts'
import type { Settings } from '../local/settings.ts'
import { findNote } from '../notes/notes.ts'
import { KnownPatches } from './known-patches.ts'

/**
 * How a commit was matched with a capture: its own; rewritten from another; the very same tree; the same patch; the
 * combined patch of a range of commits.
 */
export type MatchedBy = 'commit' | 'rewrite' | 'tree' | 'patch-id' | 'range'

/** The capture a commit has, and how it was found. */
export interface Resolved {
  capture: CaptureNote
  matchedBy: MatchedBy
  /** The commit the capture is about, when it is another one: the last of a range. */
  of?: string
}

/** Commits that would do equally well, whose captures say different things: none of them is taken. */
export interface Unresolved {
  matchedBy: MatchedBy
  candidates: string[]
}

/**
 * Finds captures of commits, nearest proof first: the commit's own; that of the commit it was rewritten from; of one with
 * the very same tree; of one that changes the same; of the last of a range that a squash made one commit. Never a guess:
 * where two would do and do not say the same, neither is taken.
 */
export class Resolver {
  readonly #repository: Repository
  readonly #objects: ObjectReader
  readonly #settings: Settings
  #trees: Promise<TreeIndex> | undefined
  #patches: Promise<PatchIndex> | undefined
  #known: KnownPatches | undefined

  constructor(repository: Repository, objects: ObjectReader, settings: Settings) {
    this.#repository = repository
    this.#objects = objects
    this.#settings = settings
  }

  /** `lines` are those of the commit's own note. */
  async resolve(commit: string, tree: string, lines: readonly NoteLine[]): Promise<Resolved | undefined> {
    const found = await this.explain(commit, tree, lines)
    return found && 'capture' in found ? found : undefined
  }

  /** The same, and why no capture was taken where several would do. */
  async explain(commit: string, tree: string, lines: readonly NoteLine[]): Promise<Resolved | Unresolved | undefined> {
    const own = latestCapture(lines)
    if (own) return { capture: own, matchedBy: 'commit' }
    const rewritten = await this.#fromRewrite(lines)
    if (rewritten) return rewritten
    this.#trees ??= TreeIndex.open(this.#repository, this.#settings)
    const same = (await this.#trees).find(tree).filter((other) => other !== commit)
    return (await this.#agreed('tree', same)) ?? (await this.#fromPatch(commit))
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

  async #fromPatch(commit: string): Promise<Resolved | Unresolved | undefined> {
    this.#patches ??= PatchIndex.open(this.#repository, this.#settings)
    const index = await this.#patches
    if (index.isEmpty || !(await this.#mayBeMadeOf(commit, index.since))) return undefined
    this.#known ??= new KnownPatches(this.#repository)
    const patch = await this.#known.find(commit)
    if (!patch) return undefined
    const commits = index.commitsOf(patch).filter((other) => other !== commit)
    const heads = index.rangesOf(patch).map(({ head }) => head)
    return (await this.#agreed('patch-id', commits)) ?? (await this.#agreed('range', heads))
  }

  /** A commit older than every commit whose patch is known was not made of one; a merge has no patch. */
  async #mayBeMadeOf(commit: string, since: number): Promise<boolean> {
    const object = await this.#objects.read(commit)
    if (object?.type !== 'commit') return false
    const { parents, committer } = parseCommit(object)
    return parents.length < 2 && committer.seconds >= since
  }

  /** The captures of some commits as one, when they say the same. */
  async #agreed(matchedBy: MatchedBy, commits: readonly string[]): Promise<Resolved | Unresolved | undefined> {
    const all: { of: string; capture: CaptureNote }[] = []
    const superseded = new Set<string>()
    for (const of of new Set(commits)) {
      const lines = await this.readLines(of)
      for (const line of lines) if (line.kind === 'rewrite') for (const from of line.from) superseded.add(from)
      const capture = latestCapture(lines)
      if (capture) all.push({ of, capture })
    }
    // A commit and the one it was rewritten to change the same: the later one is meant.
    const found = all.filter(({ of }) => !superseded.has(of))
    if (found.length > 1 && new Set(found.map(({ capture }) => contentOf(capture))).size > 1)
      return { matchedBy, candidates: found.map(({ of }) => of) }
    const newest = found.sort((a, b) => (a.capture.time < b.capture.time ? 1 : -1))[0]
    return newest && { ...newest, matchedBy }
  }
}

/** What a capture says of environment and data. */
const contentOf = ({ environment, datasets }: CaptureNote) => JSON.stringify([environment, datasets])
