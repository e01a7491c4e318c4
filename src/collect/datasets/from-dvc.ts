import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { replaceFile } from '../../base/files.ts'
import { fsPath, pathText } from '../../base/path-text.ts'
import type { Dataset } from '../../generated/types.ts'
import type { CommitTree } from './commit-tree.ts'
import { gone } from './compose.ts'
import { type DvcOutput, findDvcOutput } from './dvc.ts'
import type { Fingerprint, FingerprintInput } from './fingerprint.ts'
import { fromDisk } from './from-disk.ts'
import type { Look } from './look.ts'

/** A dataset that is an output of DVC, or lies in one; undefined when it is neither. */
export async function fromDvc(input: FingerprintInput, tree: CommitTree, look: Look): Promise<Fingerprint | undefined> {
  const dvc = await findDvcOutput(tree, look.base, input.cacheDir)
  if (!dvc) return undefined
  const whole = dvc.path === look.base && !look.matches
  const alias = whole && dvc.md5 ? { aliases: { md5: dvc.md5 } } : {}
  const size = whole
    ? { ...(dvc.size !== undefined && { bytes: dvc.size }), ...(dvc.files !== undefined && { files: dvc.files }) }
    : {}
  if (look.onDisk === undefined)
    return gone(look, `only what DVC wrote of it is known; dvc pull ${pathText(dvc.path)}`, 'dvc', {
      ...alias,
      ...size,
    })
  const print = await fromDisk(input, look, { source: 'dvc' })
  if (print.dataset.state === 'missing')
    return gone(look, `its content is not here; dvc pull ${pathText(dvc.path)}`, 'dvc', { ...alias, ...size })
  return whole ? { ...print, dataset: { ...print.dataset, ...compare(input, look, print.dataset, dvc) } } : print
}

/** The md5 that DVC committed to holds for what lies on disk, or that has changed since `dvc add`. */
function compare({ cacheDir }: FingerprintInput, look: Look, dataset: Dataset, dvc: DvcOutput): Partial<Dataset> {
  const { digest, files, bytes, manifest } = dataset
  if (dvc.md5 === undefined || digest === undefined) return {}
  const md5 = manifest || dvc.oldHash ? undefined : md5Of(look.onDisk as string, digest, bytes ?? 0, cacheDir)
  const same =
    md5 === undefined
      ? (dvc.size === undefined || dvc.size === bytes) && (dvc.files === undefined || dvc.files === files)
      : md5 === dvc.md5
  if (same) return { aliases: { md5: dvc.md5 } }
  const path = pathText(look.base)
  return { ...(md5 && { aliases: { md5 } }), uncommitted: { count: 1, paths: [{ path, change: 'modified' }] } }
}

/** Above this a second reading would be felt, and DVC's size has to do. */
const mostBytes = 64 * 1024 * 1024

/** The md5 of a file whose SHA-256 is known: kept by that, so that it is read once for each content. */
function md5Of(path: string, digest: string, bytes: number, cacheDir: string): string | undefined {
  if (bytes > mostBytes) return undefined
  const file = `${cacheDir}/md5/${digest}`
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // not read before
  }
  try {
    const content = readFileSync(fsPath(path))
    if (createHash('sha256').update(content).digest('hex') !== digest) return undefined
    const md5 = createHash('md5').update(content).digest('hex')
    replaceFile(file, md5)
    return md5
  } catch {
    return undefined
  }
}
