import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Found } from './found.ts'

/** Folders with the usual names for data; one dataset per subfolder when there are a few, such as train and val. */
export function dataFolders(top: string, dvc: readonly Found[]): Found[] {
  return ['data', 'dataset', 'datasets', 'inputs']
    .filter(
      (name) => holdsData(join(top, name)) && !dvc.some(({ path }) => path === name || path.startsWith(`${name}/`)),
    )
    .flatMap((name) => {
      const folders = subfolders(join(top, name))
      return folders.length > 0 && folders.length <= 8
        ? folders
            // Not the folder of a submodule that is not checked out.
            .filter((folder) => holdsData(join(top, name, folder)))
            .map((folder) => ({ path: `${name}/${folder}`, because: 'folder of data' }))
        : [{ path: name, because: 'folder of data' }]
    })
}

function holdsData(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => !name.startsWith('.') && !/\.(py|R|ipynb|md|dvc)$/.test(name))
  } catch {
    return false
  }
}

/** Its subfolders, if it has no other relevant content. */
function subfolders(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && !/^readme/i.test(name))
  return names.every((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory())
    ? names.sort()
    : []
}
