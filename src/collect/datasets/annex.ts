import { statSync } from 'node:fs'
import { byteString, fsPath } from '../../base/path-text.ts'
import { lowerFolders, mixedFolders } from './annex-folders.ts'
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
