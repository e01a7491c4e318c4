import { createHash } from 'node:crypto'

const letters = '0123456789zqjxkmvwgpfZQJXKMVWGPF'

/** git-annex, doc/internals/hashing: the folders of a repository with a work tree. */
export function mixedFolders(key: string): string {
  const word = md5(key).readUInt32LE(0)
  const letter = (index: number) => letters[(word >>> (6 * index)) & 31]
  return `${letter(1)}${letter(0)}/${letter(3)}${letter(2)}`
}

/** The same, of a bare one. */
export function lowerFolders(key: string): string {
  const hex = md5(key).toString('hex')
  return `${hex.slice(0, 3)}/${hex.slice(3, 6)}`
}

function md5(key: string): Buffer {
  return createHash('md5').update(key, 'latin1').digest()
}
