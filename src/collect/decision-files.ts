import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecisionDraft, DecisionFile, DecisionLinks } from '../core/decision/decision.ts'
import { decisionsFolder, isDecisionFile, slugOf } from '../core/decision/slug.ts'
import { replaceFile } from '../core/replace-file.ts'
import type { Repository } from '../git/repository.ts'

/** A file as it is kept: what every check looks at, and the whole decision as text that few need. */
interface Kept extends Omit<DecisionDraft, 'decision' | 'links'> {
  key: string
  links?: DecisionLinks
  whole?: string
}

interface Cached {
  /** What this git-prov understands of a file may differ from what another did. */
  version: string
  files: Record<string, Kept>
}

declare const __VERSION__: string
const version = `${__VERSION__}/2`

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
  for (const file of listFiles(repository.workTree, decisionsFolder).sort()) {
    const known = cache.files[file]
    // Not join(): a thousand names need no normalising.
    const path = `${repository.workTree}/${file}`
    const key = identity(path)
    if (known?.key !== key) same = false
    fresh.files[file] = known?.key === key ? known : toKept(await readOne(path, file), key)
  }
  if (!same || Object.keys(cache.files).length !== Object.keys(fresh.files).length)
    replaceFile(cacheFile, JSON.stringify(fresh))
  return Object.values(fresh.files).map(toDraft)
}

function toKept({ decision, ...draft }: DecisionDraft, key: string): Kept {
  return { ...draft, key, ...(decision && { whole: JSON.stringify(decision) }) }
}

/** The decision is taken out of its text when somebody looks at it. */
function toDraft({ key: _, whole, ...draft }: Kept): DecisionDraft {
  if (whole === undefined) return draft
  let decision: DecisionFile | undefined
  return Object.defineProperty(draft as DecisionDraft, 'decision', {
    enumerable: true,
    get() {
      decision ??= JSON.parse(whole) as DecisionFile
      return decision
    },
  })
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

function listFiles(top: string, folder: string): string[] {
  try {
    return readdirSync(`${top}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : listFiles(top, path)
      return isDecisionFile(path) ? [path] : []
    })
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
