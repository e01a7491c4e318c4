import { formatManifest, type ManifestEntry, parseManifest } from '../../records/branch/manifest.ts'

/**
 * Fingerprinted files, as a manifest that is there already or as entries, each made from the other only when it is
 * asked for: an unchanged dataset of 100,000 files stays one piece of text.
 */
export class Listing {
  readonly files: number
  /** Sum of the files' sizes; of the content, also where a pointer stands for it. */
  readonly bytes: number
  #entries: readonly ManifestEntry[] | undefined
  #manifest: Buffer | undefined

  constructor(content: readonly ManifestEntry[] | Buffer, files: number, bytes: number) {
    this.files = files
    this.bytes = bytes
    if (Buffer.isBuffer(content)) this.#manifest = content
    else this.#entries = content as readonly ManifestEntry[]
  }

  static readonly empty = new Listing([], 0, 0)

  get manifest(): Buffer {
    this.#manifest ??= formatManifest(this.#entries ?? [])
    return this.#manifest
  }

  get entries(): readonly ManifestEntry[] {
    this.#entries ??= parseManifest(this.#manifest ?? Buffer.alloc(0))
    return this.#entries
  }

  /** Both; no path is in two of them. */
  static join(listings: readonly Listing[]): Listing {
    const [one, ...more] = listings.filter(({ files }) => files > 0)
    if (!one) return Listing.empty
    if (more.length === 0) return one
    const total = (of: 'files' | 'bytes') => listings.reduce((sum, listing) => sum + listing[of], 0)
    return new Listing(
      listings.flatMap(({ entries }) => entries),
      total('files'),
      total('bytes'),
    )
  }
}
