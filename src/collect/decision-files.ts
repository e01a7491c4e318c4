import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecisionDraft } from '../core/decision/decision.ts'
import { decisionsFolder, isDecisionFile, slugOf } from '../core/decision/slug.ts'
import { replaceFile } from '../core/replace-file.ts'
import type { Repository } from '../git/repository.ts'

interface Cached {
  /** What this git-prov understands of a file may differ from what another did. */
  version: string
  files: Record<string, { key: string; draft: DecisionDraft }>
}

declare const __VERSION__: string
const version = `${__VERSION__}/1`

/**
 * Every decision file of the work tree, in the order of their names. What was read is kept beside each file's stat
 * identity, so that only changed files are parsed.
 */
export async function readDecisionFiles(repository: Repository, cacheDir: string): Promise<DecisionDraft[]> {
  if (!repository.workTree) return []
  const cacheFile = join(cacheDir, 'decisions.json')
  const cache = readCache(cacheFile)
  const fresh: Cached = { version, files: {} }
  let same = true
  for (const file of listFiles(repository.workTree)) {
    const known = cache.files[file]
    const path = join(repository.workTree, file)
    const key = identity(path)
    if (known && known.key === key) fresh.files[file] = known
    else {
      fresh.files[file] = { key, draft: await readOne(path, file) }
      same = false
    }
  }
  if (!same || Object.keys(cache.files).length !== Object.keys(fresh.files).length)
    replaceFile(cacheFile, JSON.stringify(fresh))
  return Object.values(fresh.files).map(({ draft }) => draft)
}

function readCache(file: string): Cached {
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as Cached
    if (cached.version === version && cached.files) return cached
  } catch {
    // no cache, or not ours
  }
  return { version, files: {} }
}

function listFiles(top: string): string[] {
  try {
    const names = readdirSync(join(top, decisionsFolder), { recursive: true, encoding: 'utf8' })
    return names
      .map((name) => `${decisionsFolder}/${name.replaceAll('\\', '/')}`)
      .filter(isDecisionFile)
      .sort()
  } catch {
    return []
  }
}

function identity(path: string): string {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino} ${stat.mode}` : ''
}

async function readOne(path: string, file: string): Promise<DecisionDraft> {
  const { maxDecisionBytes, parseDecision } = await import('../core/decision/parse.ts')
  const problem = (message: string, hint: string): DecisionDraft => ({
    file,
    slug: slugOf(file),
    digest: '',
    problems: [{ line: 1, column: 1, message, hint }],
  })
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) return problem('is no plain file', 'a decision is a file of its own')
    return await parseDecision(stat.size > maxDecisionBytes ? stat.size : readFileSync(path), file)
  } catch (error) {
    return problem(`cannot be read (${(error as NodeJS.ErrnoException).code})`, `ls -l ${file}`)
  }
}
