import { type ListedFile, listTree } from '../../git/objects/list-tree.ts'
import type { Repository } from '../../git/repository.ts'
import type { ManifestEntry } from '../../records/branch/manifest.ts'
import { BlobDigests, type Known } from './blob-digests.ts'
import type { Budget } from './budget.ts'
import type { CommitTree } from './commit-tree.ts'
import type { Committed, Unkeyed } from './committed-files.ts'
import type { Unread } from './compose.ts'
import { Listing } from './listing.ts'
import { readTreeCache, writeTreeCache } from './tree-cache.ts'
import type { WalkProblem } from './walk.ts'

export interface CommittedRequest {
  repository: Repository
  tree: CommitTree
  /** Of the folder's tree. */
  oid: string
  /** Where the folder stands, from the top. */
  top: string
  matches: ((path: string) => boolean) | undefined
  cacheDir: string
  key: string
  budget: Budget
}

/**
 * Every file below a folder of a commit, fingerprinted as committed: the bytes of its blob, or what a git-lfs pointer
 * or a git-annex key stands for. Filters (line ends, smudge) are not applied: what was committed is what git stores.
 * The last result is kept with the tree's name, so a folder that did not change costs one file read.
 */
export async function readCommitted(request: CommittedRequest): Promise<Committed | { unread: Unread }> {
  const { cacheDir, key, oid, repository } = request
  const cacheFile = `${cacheDir}/trees/${key}`
  const cached = readTreeCache(cacheFile, oid)
  if (cached) return cached
  const reading = new Reading(request, new BlobDigests(cacheDir, repository))
  const unread = await reading.expand('', request.top, oid, [])
  if (unread) return { unread }
  const result = reading.result()
  // Links out of the folder and blobs that are missing can change while the tree does not.
  if (reading.closed) writeTreeCache(cacheFile, oid, result)
  return result
}

class Reading {
  closed = true
  #bytes = 0
  readonly #entries: ManifestEntry[] = []
  readonly #problems: WalkProblem[] = []
  readonly #unkeyed: Unkeyed[] = []
  readonly #elsewhere: string[] = []
  readonly #request: CommittedRequest
  readonly #digests: BlobDigests

  constructor(request: CommittedRequest, digests: BlobDigests) {
    this.#request = request
    this.#digests = digests
  }

  result(): Committed {
    const listing = new Listing(this.#entries, this.#entries.length, this.#bytes)
    return { listing, problems: this.#problems, unkeyed: this.#unkeyed, elsewhere: this.#elsewhere }
  }

  /** Adds what lies below a tree; `prefix` is where it appears in the dataset, `top` where it stands in the commit. */
  async expand(prefix: string, top: string, oid: string, above: readonly string[]): Promise<Unread> {
    const listed = listTree(this.#request.repository, oid).filter((file) => this.#wanted(prefix + file.path))
    const unread = await this.#learn(listed)
    if (unread) return unread
    for (const file of listed) {
      const left = await this.#add(prefix + file.path, top === '' ? file.path : `${top}/${file.path}`, file, [
        ...above,
        top,
      ])
      if (left) return left
    }
    return undefined
  }

  #learn(files: readonly ListedFile[]): Promise<Unread> {
    const blobs = files.filter(({ mode }) => mode !== '160000')
    return this.#digests.learn(
      blobs.map(({ oid, mode, size }) => ({ oid, isLink: mode === '120000', size })),
      this.#request.budget,
    )
  }

  /** A pattern cannot say which folders a link may lead to: links are followed, and what lies behind them is matched. */
  #wanted(path: string): boolean {
    return this.#request.matches?.(path) !== false
  }

  async #add(path: string, at: string, { mode, oid }: ListedFile, above: readonly string[]): Promise<Unread> {
    if (mode === '160000') {
      this.#problems.push({ path, reason: `a git submodule at ${oid.slice(0, 12)}` })
      return undefined
    }
    const known = this.#digests.get(oid, mode === '120000')
    if (known && 'link' in known) return await this.#follow(path, at, known.link, above)
    this.#put(path, known)
    return undefined
  }

  #put(path: string, known: Known | undefined): void {
    if (known && 'digest' in known) {
      this.#entries.push({ path, digest: known.digest })
      this.#bytes += known.size
    } else if (known && 'key' in known) this.#unkeyed.push({ path, ...known })
    else {
      this.closed = false
      this.#problems.push({ path, reason: 'its blob is not in this clone' })
    }
  }

  /** A tracked link stands for what it leads to, as find -L would read it, where that is in the commit. */
  async #follow(path: string, at: string, link: string, above: readonly string[]): Promise<Unread> {
    const { tree, top } = this.#request
    const inside = top === '' ? '' : `${top}/`
    const place = link.startsWith('/') ? undefined : await tree.follow(at)
    if (!place?.path.startsWith(inside)) this.closed = false
    if (!place) this.#elsewhere.push(path)
    else if (place.entry.mode === '40000') {
      if (above.some((folder) => folder === place.path || place.path === '' || folder.startsWith(`${place.path}/`)))
        this.#problems.push({ path, reason: 'a link to a folder it lies in' })
      else return await this.expand(`${path}/`, place.path, place.entry.oid, above)
    } else if (place.entry.mode === '160000') this.#problems.push({ path, reason: 'a link to a git submodule' })
    else {
      const size = 0
      const unread = await this.#learn([{ ...place.entry, path, size }])
      if (unread) return unread
      this.#put(path, this.#digests.get(place.entry.oid, false))
    }
    return undefined
  }
}
