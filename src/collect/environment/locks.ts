import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { missing } from '../../base/missing.ts'
import { type ObjectReader, parseTree } from '../../git/objects/objects.ts'
import type { Collector } from './collector.ts'

const names = new Set([
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile.lock',
  'pylock.toml',
  'pixi.lock',
  'conda-lock.yml',
  'environment.yml',
  'environment.yaml',
  'renv.lock',
  'Manifest.toml',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'deno.lock',
  'Cargo.lock',
  'go.sum',
  'Gemfile.lock',
  'flake.lock',
  'Dockerfile',
])
const isLock = (name: string) => names.has(name) || /^(requirements|constraints)[\w.-]*\.txt$/.test(name)

/** Lock files at the top of the work tree, by the SHA-256 of their bytes. */
export const locks: Collector = {
  half: 'software',
  name: 'locks',
  keys: ({ root }) => lockNames(root).map((name) => join(root, name)),
  collect({ root }) {
    const found = lockNames(root).flatMap((name) => {
      try {
        return [
          [
            name,
            createHash('sha256')
              .update(readFileSync(join(root, name)))
              .digest('hex'),
          ] as const,
        ]
      } catch {
        return []
      }
    })
    return found.length > 0 ? { files: Object.fromEntries(found) } : missing('no lock file at the top of the work tree')
  },
}

function lockNames(root: string): string[] {
  try {
    return readdirSync(root).filter(isLock).sort()
  } catch {
    return []
  }
}

/** The same from a commit: what a late capture can still know of its environment. */
export async function lockFilesOf(objects: ObjectReader, commit: string): Promise<Record<string, string>> {
  const tree = await objects.read(`${commit}^{tree}`)
  const entries = tree ? parseTree(tree).filter((entry) => isLock(entry.name) && entry.mode.startsWith('100')) : []
  const blobs = await objects.readAll(entries.map((entry) => entry.oid))
  const found = entries.flatMap((entry, index) => {
    const body = blobs[index]?.body
    return body ? [[entry.name, digestOf(body)] as const] : []
  })
  return Object.fromEntries(found)
}
