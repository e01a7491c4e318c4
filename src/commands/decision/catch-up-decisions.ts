import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { decisionsFolder } from '../../core/decision/slug.ts'
import { escapeLine } from '../../core/escape.ts'
import { replaceFile } from '../../core/replace-file.ts'
import { currentBranch } from '../../git/current-branch.ts'
import type { ObjectReader } from '../../git/objects.ts'
import { localDir } from '../../ledger/local-dir.ts'

/** Records decisions that have reached the default branch. Costs one object read while the folder is as it was. */
export async function catchUpDecisions(context: Context, objects: ObjectReader): Promise<void> {
  const repository = context.repository()
  const folder = await objects.read(`HEAD:${decisionsFolder}`)
  if (folder?.type !== 'tree') return
  const file = join(localDir(repository).cache, 'decisions-seen')
  const key = `${currentBranch(repository) ?? ''} ${folder.oid}`
  if (readOr(file) === key) return
  const { recordDecisions } = await import('./record.ts')
  const slugs = await recordDecisions(context, objects)
  replaceFile(file, key)
  if (slugs.length > 0) context.stderr.write(`${escapeLine(`prov: recorded ${slugs.join(', ')}`)}\n`)
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
