import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dvclive } from './dvclive.ts'
import { tensorboard } from './tensorboard.ts'

// What programs of this field leave behind by themselves, beside what dvclive and TensorBoard claim.
const telling = [
  /(^|\/)metrics[^/]*\.(json|jsonl|csv|ya?ml|toml)$/,
  /(^|\/)(lightning_logs|tb_logs)\/.+\/metrics\.csv$/,
  /(^|\/)trainer_state\.json$/,
]
const notLookedInto = /^(\..*|node_modules|venv|env|__pycache__|site-packages|mlruns|mlartifacts|wandb)$/
const maxEntries = 50_000
const maxDepth = 8
/** A file system may stamp a file with the tick before the moment it was written. */
const slack = 20

/** Those of the paths that are metrics though nobody declared them. */
export function discover(changed: readonly string[]): string[] {
  const claimed = new Set([...dvclive.claim(changed), ...tensorboard.claim(changed)])
  return changed.filter((path) => claimed.has(path) || telling.some((pattern) => pattern.test(path)))
}

/**
 * Files below a folder that were written since a moment (ms since the epoch), as paths relative to it; ignored ones
 * too, since runs/ and logs/ mostly are. Looks at 50,000 entries at most, and not into hidden folders and environments.
 */
export function writtenSince(root: string, since: number): string[] {
  const written: string[] = []
  const folders: [path: string, depth: number][] = [['', 0]]
  let entries = 0
  for (let next = folders.shift(); next && entries < maxEntries; next = folders.shift()) {
    const [folder, depth] = next
    for (const entry of list(join(root, folder))) {
      entries++
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (depth < maxDepth && !notLookedInto.test(entry.name)) folders.push([path, depth + 1])
      } else if (entry.isFile() && isNew(join(root, path), since)) written.push(path)
    }
  }
  return written.sort()
}

/** Whether a file was written since a moment, as far as its time stamp tells. */
export function isNew(file: string, since: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && stat.mtimeMs >= since - slack
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
