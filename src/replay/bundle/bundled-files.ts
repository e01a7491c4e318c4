import { statSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { byteString, fsPath, pathText } from '../../base/path-text.ts'
import { parseManifest } from '../../records/branch/manifest.ts'
import { printAt } from '../inputs.ts'
import type { Workspace } from '../place/workspace.ts'
import type { BundledInput } from './bundle-format.ts'
import type { PackedFile } from './pack.ts'

/** The files of an input, each with its digest from the record, or from the manifest the record names. Throws `io`. */
export async function bundledFiles(workspace: Workspace, { path, digest }: BundledInput): Promise<PackedFile[]> {
  const top = join(workspace.repository.workTree, path)
  if (!statSync(top).isDirectory()) return [{ name: `inputs/${path}`, from: top, digest }]
  const manifest = (await printAt(workspace, path))?.manifest
  if (!manifest || digestOf(manifest) !== digest)
    throw new ProvError('io', `${path} changed while it was packed`, { hint: 'run it again' })
  return parseManifest(manifest).map((entry) => ({
    name: `inputs/${path}/${nameOf(entry.path, path)}`,
    from: fsPath(`${byteString(top)}/${entry.path}`),
    digest: entry.digest,
  }))
}

/** A byte string as text, as names in an archive must be. */
function nameOf(bytes: string, input: string): string {
  const text = pathText(bytes)
  if (byteString(text) === bytes) return text
  throw new ProvError('io', `a name in ${input} is not UTF-8: ${text}`, { hint: 'git prov bundle <run> -o <folder>' })
}
