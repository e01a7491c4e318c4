import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { byteString, fsPath } from '../../core/path-text.ts'
import type { FoundFile } from './scan.ts'

/** The content of a git-annex key, where this clone has it; `path` is what the file is called in the dataset. */
export function findAnnexContent(commonDir: string, key: string, path: string): FoundFile | undefined {
  for (const folders of [mixedFolders(key), lowerFolders(key)]) {
    const at = `${byteString(commonDir)}/annex/objects/${folders}/${key}/${key}`
    const stat = statSync(fsPath(at), { bigint: true, throwIfNoEntry: false })
    if (stat?.isFile()) return { path, stat, at }
  }
  return undefined
}

const letters = '0123456789zqjxkmvwgpfZQJXKMVWGPF'

/** git-annex, doc/internals/hashing: the folders of a repository with a work tree. */
function mixedFolders(key: string): string {
  const word = md5(key).readUInt32LE(0)
  const letter = (index: number) => letters[(word >>> (6 * index)) & 31]
  return `${letter(1)}${letter(0)}/${letter(3)}${letter(2)}`
}

/** The same, of a bare one. */
function lowerFolders(key: string): string {
  const hex = md5(key).toString('hex')
  return `${hex.slice(0, 3)}/${hex.slice(3, 6)}`
}

function md5(key: string): Buffer {
  return createHash('md5').update(key, 'latin1').digest()
}
