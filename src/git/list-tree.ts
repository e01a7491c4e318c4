import { git, type Place } from './run.ts'

/** A file below a tree; `path` is a byte string relative to it, `size` of the blob in bytes (0 when it is not here). */
export interface ListedFile {
  path: string
  mode: string
  oid: string
  size: number
}

/** Every file, link and submodule below a tree, in one process that fetches nothing (git-ls-tree(1)). */
export function listTree(place: Place, tree: string): ListedFile[] {
  const here = { cwd: place.cwd, env: { ...place.env, GIT_NO_LAZY_FETCH: '1' } }
  const text = git(here, ['ls-tree', '-r', '-z', '--long', '--full-tree', tree]).toString('latin1')
  return text.split('\0').flatMap((line) => {
    const match = line.match(/^(\d+) \w+ ([0-9a-f]+) +(\S+)\t(.*)$/s)
    if (!match) return []
    const [, mode, oid, size, path] = match as unknown as [string, string, string, string, string]
    return [{ mode, oid, size: Number(size) || 0, path }]
  })
}
