import { readFileSync } from 'node:fs'
import { digestOf } from '../../base/digest.ts'
import { replaceFile } from '../../base/files.ts'
import type { Committed } from './committed-files.ts'
import { Listing } from './listing.ts'

/** First line: JSON of this. Then the manifest. */
interface Header extends Pick<Committed, 'problems' | 'unkeyed' | 'elsewhere'> {
  format: 1
  tree: string
  digest: string
  files: number
  bytes: number
}

/** The last result for a folder, if it was of this very tree. */
export function readTreeCache(file: string, tree: string): Committed | undefined {
  try {
    const bytes = readFileSync(file)
    const newline = bytes.indexOf(10)
    const header = JSON.parse(bytes.toString('latin1', 0, newline)) as Header
    const manifest = bytes.subarray(newline + 1)
    if (header.format !== 1 || header.tree !== tree || digestOf(manifest) !== header.digest) return undefined
    const { problems, unkeyed, elsewhere, files, bytes: size } = header
    return { listing: new Listing(manifest, files, size), problems, unkeyed, elsewhere }
  } catch {
    return undefined
  }
}

export function writeTreeCache(file: string, tree: string, { listing, ...rest }: Committed): void {
  const { manifest, files, bytes } = listing
  const header: Header = { format: 1, tree, digest: digestOf(manifest), files, bytes, ...rest }
  replaceFile(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'latin1'), manifest]))
}
