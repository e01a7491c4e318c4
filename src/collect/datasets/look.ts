import { existsSync } from 'node:fs'
import { digestOf } from '../../base/digest.ts'
import { byteString, fsPath } from '../../base/path-text.ts'
import type { DatasetDeclaration } from '../../config/config.ts'
import type { TreeEntry } from '../../git/objects/objects.ts'
import type { CommitTree } from './commit-tree.ts'
import type { FingerprintInput } from './fingerprint.ts'
import { cleanPath, matcher, splitPath } from './glob.ts'

/** A dataset's path taken apart, and where it stands in the commit. */
export interface Look {
  declaration: DatasetDeclaration
  /** The folder or file, a byte string from the top of the work tree. */
  base: string
  /** Absolute, a byte string; undefined when there is no work tree, or it must not be asked. */
  onDisk: string | undefined
  /** Which paths below the base belong to it; undefined when all do. */
  matches: ((path: string) => boolean) | undefined
  entry: TreeEntry | undefined
  /** Names its files in the cache: of the path and the work tree, so that linked work trees do not share one. */
  key: string
}

export async function lookUp(
  tree: CommitTree,
  declaration: DatasetDeclaration,
  input: FingerprintInput,
): Promise<Look> {
  const { workTree } = input.repository
  const whole = cleanPath(declaration.path)
  const literal = await standsAt(tree, whole, workTree)
  const { base, pattern } = literal ? { base: whole, pattern: undefined } : splitPath(whole)
  const path = byteString(base)
  const top = input.late || !workTree ? undefined : byteString(workTree)
  return {
    declaration,
    base: path,
    onDisk: top === undefined ? undefined : path === '' ? top : `${top}/${path}`,
    matches: pattern === undefined ? undefined : await matcher(pattern),
    entry: await tree.entryAt(path),
    key: digestOf(`${workTree ?? ''}\0${whole}`).slice(0, 16),
  }
}

/** A name may hold characters that are wildcards elsewhere: what stands there by that very name is meant. */
async function standsAt(tree: CommitTree, path: string, workTree: string | undefined): Promise<boolean> {
  if (splitPath(path).pattern === undefined) return true
  if (await tree.entryAt(byteString(path))) return true
  return workTree !== undefined && existsSync(fsPath(byteString(`${workTree}/${path}`)))
}
