import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../core/replace-file.ts'
import { type GitObject, type ObjectReader, parseTree } from '../../git/objects.ts'

/** What DVC says of one of its outputs (dvc/schema.py: outs of a .dvc file or of a stage in dvc.lock). */
export interface DvcOutput {
  /** From the top of the work tree. */
  path: string
  /** `<hex>` of a file, `<hex>.dir` of a folder. DVC's own digest: an alias, never an identity. */
  md5?: string
  /** In bytes. */
  size?: number
}

/**
 * The DVC output at a path, as the commit's `<path>.dvc` or a dvc.lock above it declares it. What was read is kept by
 * the blob's name, so that YAML is parsed once for each version of a file.
 */
export async function findDvcOutput(
  objects: ObjectReader,
  commit: string,
  path: string,
  cacheDir: string,
): Promise<DvcOutput | undefined> {
  for (const file of candidates(path)) {
    if (!(await mayHold(objects, commit, file))) continue
    const blob = await objects.read(`${commit}:${file}`)
    if (blob?.type !== 'blob') continue
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
    const found = (await outputsOf(blob, cacheDir)).find((output) => normalise(folder + output.path) === path)
    if (found) return { ...found, path }
  }
  return undefined
}

function candidates(path: string): string[] {
  const files = [`${path}.dvc`]
  for (let folder = path; folder.includes('/'); ) {
    folder = folder.slice(0, folder.lastIndexOf('/'))
    files.push(`${folder}/dvc.lock`)
  }
  return [...files, 'dvc.lock']
}

/** Whether the folder of a file lists it: a look at a tree that is needed anyway, and no read of a blob that is not there. */
async function mayHold(objects: ObjectReader, commit: string, file: string): Promise<boolean> {
  const slash = file.lastIndexOf('/')
  const tree = await objects.read(`${commit}:${slash < 0 ? '' : file.slice(0, slash)}`)
  const name = file.slice(slash + 1)
  return tree?.type === 'tree' && parseTree(tree).some((entry) => entry.name === name)
}

async function outputsOf(blob: GitObject, cacheDir: string): Promise<DvcOutput[]> {
  const file = join(cacheDir, 'dvc', blob.oid)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DvcOutput[]
  } catch {
    // not read before
  }
  const outputs = blob.body.length <= 16 * 1024 * 1024 ? await parseOutputs(blob.body.toString('utf8')) : []
  replaceFile(file, JSON.stringify(outputs))
  return outputs
}

interface RawOutput {
  path?: unknown
  md5?: unknown
  size?: unknown
}

/** Outputs of a .dvc file (`outs:`) or of all stages of a dvc.lock (`stages: {<name>: {outs:}}`). Damaged: none. */
export async function parseOutputs(text: string): Promise<DvcOutput[]> {
  const { parse } = await import('yaml')
  let raw: { outs?: unknown; stages?: unknown; wdir?: unknown } | null
  try {
    raw = parse(text, { maxAliasCount: 0 })
  } catch {
    return []
  }
  if (raw === null || typeof raw !== 'object') return []
  const stages = raw.stages && typeof raw.stages === 'object' ? (Object.values(raw.stages) as { outs?: unknown }[]) : []
  const prefix = typeof raw.wdir === 'string' && raw.wdir !== '.' ? `${raw.wdir}/` : ''
  return [raw, ...stages]
    .flatMap((stage) => (Array.isArray(stage?.outs) ? (stage.outs as RawOutput[]) : []))
    .flatMap((out) => {
      if (typeof out?.path !== 'string') return []
      const md5 = typeof out.md5 === 'string' && /^[0-9a-f]{32}(\.dir)?$/.test(out.md5) ? out.md5 : undefined
      return [
        {
          path: prefix + out.path,
          ...(md5 && { md5 }),
          ...(Number.isSafeInteger(out.size) && { size: out.size as number }),
        },
      ]
    })
}

function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.replace(/\/+$/, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
