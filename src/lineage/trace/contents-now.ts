import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fingerprintOnDisk } from '../../collect/datasets.ts'
import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { localDir } from '../../ledger/local/local-dir.ts'

/** A word as a path from the top of the work tree; undefined when it is outside, or there is no work tree. */
export function pathFromTop(context: Context, word: string): string | undefined {
  const { workTree } = context.repository()
  if (workTree === undefined) return undefined
  const path = relative(workTree, resolve(context.cwd, word)).replaceAll('\\', '/')
  return path === '' || path === '..' || path.startsWith('../') ? undefined : path
}

/** How many files are read for their current content, and for how long in all. */
const most = 200
const budget = 2000

/** The current content of paths: a digest, or `gone`. Files that take too long to read are left out. */
export async function contentsNow(
  context: Context,
  objects: ObjectReader,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const repository = context.repository()
  const { workTree } = repository
  const found = new Map<string, string>()
  if (workTree === undefined) return found
  const here = paths.slice(0, most).filter((path) => {
    const there = existsSync(join(workTree, path))
    if (!there) found.set(path, 'gone')
    return there
  })
  if (here.length === 0) return found
  const prints = await fingerprintOnDisk({
    repository,
    objects,
    commit: { oid: 'HEAD' },
    datasets: here.map((path) => ({ name: path, path })),
    cacheDir: localDir(repository).cache,
    late: false,
    deadline: Date.now() + budget,
  })
  for (const path of here) {
    const { digest, state } = prints[path]?.dataset ?? {}
    if (digest !== undefined && state === 'complete') found.set(path, digest)
  }
  return found
}
