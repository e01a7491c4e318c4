import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import { byteString } from '../../base/path-text.ts'
import type { CommitTree } from './commit-tree.ts'

/** What DVC says of one of its outputs (dvc/schema.py: outs of a .dvc file or of a stage in dvc.lock). */
export interface DvcOutput {
  /** From the top of the work tree; a byte string once found. */
  path: string
  /** `<hex>` of a file, `<hex>.dir` of a folder. DVC's own digest: an alias, never an identity. */
  md5?: string
  /** In bytes. */
  size?: number
  files?: number
  /** Written before DVC 3.0: md5 of the text with its line ends made those of Unix. */
  oldHash?: true
}

/**
 * The DVC output at a path, or the folder output it lies in, as the commit's `.dvc` files beside it or a dvc.lock at or
 * above it declare it. What was read is kept by the blob's name, so that YAML is parsed once for each version of a file.
 */
export async function findDvcOutput(tree: CommitTree, path: string, cacheDir: string): Promise<DvcOutput | undefined> {
  for (const file of candidates(path)) {
    const entry = await tree.entryAt(file)
    if (!entry?.mode.startsWith('100')) continue
    const folder = file.slice(0, file.lastIndexOf('/') + 1)
    const outputs = (await outputsOf(tree, entry.oid, cacheDir)).map((output) => ({
      ...output,
      path: normalise(folder + byteString(output.path)),
    }))
    const found = outputs.find((output) => path === output.path || path.startsWith(`${output.path}/`))
    if (found) return found
  }
  return undefined
}

/** `<path>.dvc` of the path and of each folder above it, then each dvc.lock, nearest first. */
function candidates(path: string): string[] {
  const folders: string[] = []
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.push(path.slice(0, at))
  const locks = folders.map((folder) => `${folder}/dvc.lock`)
  return [...[path, ...folders].map((name) => `${name}.dvc`), ...locks, 'dvc.lock']
}

async function outputsOf(tree: CommitTree, oid: string, cacheDir: string): Promise<DvcOutput[]> {
  const file = join(cacheDir, 'dvc', oid)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DvcOutput[]
  } catch {
    // not read before
  }
  const blob = await tree.blob(oid)
  const outputs = blob && blob.body.length <= 16 * 1024 * 1024 ? await parseOutputs(blob.body.toString('utf8')) : []
  replaceFile(file, JSON.stringify(outputs))
  return outputs
}

interface RawOutput {
  path?: unknown
  md5?: unknown
  size?: unknown
  nfiles?: unknown
  hash?: unknown
}

/** Outputs of a .dvc file (`outs:`) or of all stages of a dvc.lock (`stages: {<name>: {outs:}}`). Damaged: none. */
export async function parseOutputs(text: string): Promise<DvcOutput[]> {
  const { parse } = await import('yaml')
  let raw: { outs?: unknown; stages?: unknown; wdir?: unknown } | null
  try {
    raw = parse(text, { maxAliasCount: 0, logLevel: 'silent' })
  } catch {
    return []
  }
  if (raw === null || typeof raw !== 'object') return []
  const stages = raw.stages && typeof raw.stages === 'object' ? (Object.values(raw.stages) as { outs?: unknown }[]) : []
  const prefix = typeof raw.wdir === 'string' && raw.wdir !== '.' ? `${raw.wdir}/` : ''
  return [raw, ...stages]
    .flatMap((stage) => (Array.isArray(stage?.outs) ? (stage.outs as RawOutput[]) : []))
    .flatMap((out) => (typeof out?.path === 'string' ? [toOutput(prefix + out.path, out)] : []))
}

function toOutput(path: string, { md5, size, nfiles, hash }: RawOutput): DvcOutput {
  return {
    path,
    ...(typeof md5 === 'string' && /^[0-9a-f]{32}(\.dir)?$/.test(md5) && { md5 }),
    ...(isCount(size) && { size }),
    ...(isCount(nfiles) && { files: nfiles }),
    ...(hash !== 'md5' && { oldHash: true as const }),
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
