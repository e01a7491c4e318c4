import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import type { Found } from './found.ts'

/** Paths that .gitattributes assigns to git-lfs, by folder when one has several. */
export function lfsPaths(repository: Repository, files: readonly string[]): Found[] {
  if (!files.some((path) => /(^|\/)\.gitattributes$/.test(path))) return []
  const result = tryGit(repository, ['check-attr', '-z', '--stdin', 'filter'], files.join('\0'))
  const parts = result.stdout.toString('utf8').split('\0')
  const paths = parts.filter((_, index) => index % 3 === 0 && parts[index + 2] === 'lfs')
  const folders = new Map<string, string[]>()
  for (const path of paths) {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
    folders.set(folder, [...(folders.get(folder) ?? []), path])
  }
  return [...folders].flatMap(([folder, inside]) =>
    folder === '' || inside.length === 1
      ? inside.map((path) => ({ path, because: 'tracked by git-lfs' }))
      : [{ path: folder, because: `${inside.length} files tracked by git-lfs` }],
  )
}
