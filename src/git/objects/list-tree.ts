import { git, type Place, tryGit } from '../run.ts'

/** A file in a tree; `path` is a byte string relative to it, `size` is in bytes (0 when the blob is missing). */
export interface ListedFile {
  path: string
  mode: string
  oid: string
  size: number
}

/**
 * Every file, symlink and submodule in a tree (git-ls-tree(1)), without fetching: when a partial clone lacks some blobs,
 * no sizes are given.
 */
export function listTree(place: Place, tree: string): ListedFile[] {
  const here = { cwd: place.cwd, env: { ...place.env, GIT_NO_LAZY_FETCH: '1' } }
  const args = ['ls-tree', '-r', '-z', '--full-tree']
  const long = tryGit(here, [...args, '--long', tree])
  const bytes = long.status === 0 ? long.stdout : git(here, [...args, tree])
  return bytes
    .toString('latin1')
    .split('\0')
    .flatMap((line) => {
      const match = line.match(/^(\d+) \w+ ([0-9a-f]+)(?: +(\S+))?\t(.*)$/s)
      if (!match) return []
      const [, mode, oid, size, path] = match as unknown as [string, string, string, string | undefined, string]
      return [{ mode, oid, size: Number(size) || 0, path }]
    })
}
