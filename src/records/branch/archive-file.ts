import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { classifyPath } from '../layout.ts'

/** A file in an archive: its path on the branch, and its exact bytes. */
export interface ArchivedFile {
  path: string
  bytes: Uint8Array
}

/** Limits of one archive: git reads a blob whole, and a record names each of its paths. */
const maxArchiveBytes = 8 * 1024 * 1024
const maxArchiveFiles = 20_000

const first = 'git-prov archive 1'

/**
 * Packs many files into one: a line with the number of files, a line `<length> <path>` for each, sorted by path, then
 * their bytes in that order. A file can be cut out with tail and head, and checked with sha256sum. The files of this
 * folder are the formats on the branch, other than records, and the rules for joining them.
 */
export function formatArchive(files: readonly ArchivedFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const lines = sorted.map(({ path, bytes }) => `${bytes.length} ${path}\n`)
  return Buffer.concat([
    Buffer.from(`${first} ${sorted.length}\n${lines.join('')}`),
    ...sorted.map(({ bytes }) => bytes),
  ])
}

/** The index of an archive. */
export interface ArchiveIndex {
  digest: string
  files: Map<string, { start: number; end: number }>
}

/** Reads an archive's index and verifies it against its name. Throws `record` for an invalid one. */
export function readArchiveIndex(bytes: Buffer, digest: string): ArchiveIndex {
  const fail = (what: string) =>
    new ProvError('record', `archive ${digest.slice(0, 12)} ${what}`, { hint: 'git prov verify' })
  if (digestOf(bytes) !== digest) throw fail('does not have the content its name says')
  const head = bytes.toString('latin1', 0, Math.min(bytes.length, maxArchiveFiles * 280))
  const count = Number(head.match(/^git-prov archive 1 (\d{1,6})\n/)?.[1] ?? Number.NaN)
  if (!(count <= maxArchiveFiles)) throw fail('is not an archive git-prov writes')
  const lines = head.split('\n', count + 1).slice(1)
  let start = lines.reduce((sum, line) => sum + line.length + 1, head.indexOf('\n') + 1)
  const files: ArchiveIndex['files'] = new Map()
  for (const line of lines) {
    const [, length = '', path = ''] = line.match(/^(\d{1,10}) ([\w./-]{1,256})$/) ?? []
    if (!classifyPath(path) || files.has(path)) throw fail(`lists what it cannot hold`)
    files.set(path, { start, end: start + Number(length) })
    start += Number(length)
  }
  if (files.size !== count || start !== bytes.length) throw fail('is not as long as its list says')
  return { digest, files }
}

/** Packs files into archives, each within the limits. */
export function packArchives(files: readonly ArchivedFile[]): ArchivedFile[][] {
  const packs: ArchivedFile[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const cost = file.bytes.length + file.path.length + 12
    if (size + cost > maxArchiveBytes || (packs.at(-1)?.length ?? 0) >= maxArchiveFiles) {
      packs.push([])
      size = 0
    }
    packs.at(-1)?.push(file)
    size += cost
  }
  return packs
}
