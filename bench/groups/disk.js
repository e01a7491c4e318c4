import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { addCaptures, git, loadKit, prov, repository } from '../fixtures.js'

const count = 10_000

/**
 * Size of objects/ after gc. Repacked from scratch first (`repack -f`): in a real repository objects reach gc one by
 * one, while fast-import leaves them in one pack whose deltas gc would keep. History of the notes before its last
 * restart is pruned, as in a repository older than gc.pruneExpire.
 */
function packedBytes(cwd) {
  git(cwd, 'repack', '-adfq')
  git(cwd, 'gc', '--quiet', '--prune=now')
  const files = readdirSync(join(cwd, '.git/objects'), { recursive: true, withFileTypes: true })
  return files.reduce((sum, file) => sum + (file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0), 0)
}

function grown(kit, name, withCaptures) {
  const cwd = repository(name, 20)
  if (withCaptures) prov(cwd, 'init', '--quiet', '--no-hooks', '--dataset', 'train=data/train')
  addCaptures(kit, cwd, count, 30, withCaptures)
  // The synthetic records must be what the product writes, so verify must accept them.
  if (withCaptures) prov(cwd, 'verify')
  return packedBytes(cwd)
}

export async function disk() {
  const kit = await loadKit()
  const value = (grown(kit, 'with', true) - grown(kit, 'without', false)) / count / 1000
  return [{ what: 'disk a capture after git gc, 30 a day, indexes counted', value, limit: 1.2, unit: 'KB' }]
}
