import { ProvError } from '../../base/errors.ts'

/** One file of a dataset. `path` is a byte string (see path-text.ts) relative to the dataset's folder. */
export interface ManifestEntry {
  path: string
  digest: string
}

/**
 * A manifest in sha256sum's own line format, sorted by path in byte order. A name with newline, carriage return or
 * backslash is escaped as in GNU coreutils 9: the line begins with a backslash.
 * Its bytes are what `find -L . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum --` prints.
 */
export function formatManifest(entries: readonly ManifestEntry[]): Buffer {
  const ordered = isSorted(entries)
    ? entries
    : [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  let text = ''
  for (const { path, digest } of ordered) {
    text += needsEscape.test(path) ? `\\${digest}  ${path.replace(escaped, escapeOne)}\n` : `${digest}  ${path}\n`
  }
  return Buffer.from(text, 'latin1')
}

/** The entries of a manifest. Throws `record` for a line not in sha256sum's format. */
export function parseManifest(bytes: Buffer): ManifestEntry[] {
  const lines = bytes.toString('latin1').split('\n')
  if (lines.pop() !== '') throw new ProvError('record', 'manifest does not end with a newline')
  return lines.map((line, index) => {
    const match = line.match(/^(\\?)([0-9a-f]{64}) {2}([^\n]+)$/s)
    if (!match) throw new ProvError('record', `manifest line ${index + 1} is not in sha256sum's format`)
    const path = match[3] as string
    return { digest: match[2] as string, path: match[1] ? path.replace(/\\([nr\\])/g, unescapeOne) : path }
  })
}

/** How many files were added, removed and modified between two manifests, by path. */
export interface ManifestChange {
  added: string[]
  removed: string[]
  modified: string[]
}

export function diffManifests(before: readonly ManifestEntry[], after: readonly ManifestEntry[]): ManifestChange {
  const old = new Map(before.map((entry) => [entry.path, entry.digest]))
  const change: ManifestChange = { added: [], removed: [], modified: [] }
  for (const { path, digest } of after) {
    const previous = old.get(path)
    if (previous === undefined) change.added.push(path)
    else if (previous !== digest) change.modified.push(path)
    old.delete(path)
  }
  change.removed = [...old.keys()]
  return change
}

const needsEscape = /[\n\r\\]/
const escaped = /[\n\r\\]/g
const escapeOne = (c: string) => (c === '\n' ? '\\n' : c === '\r' ? '\\r' : '\\\\')
const unescapeOne = (_: string, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : '\\')

function isSorted(entries: readonly ManifestEntry[]): boolean {
  for (let i = 1; i < entries.length; i++) {
    if ((entries[i - 1] as ManifestEntry).path > (entries[i] as ManifestEntry).path) return false
  }
  return true
}
