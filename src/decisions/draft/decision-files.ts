import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import type { DecisionDraft } from '../model/decision.ts'
import { decisionsFolder, isDecisionFile, slugOf } from '../model/slug.ts'

/** The parts of a draft that few callers read. */
type LazyParts = Required<Pick<DecisionDraft, 'decision' | 'places'>>

/** A cached file: what every check reads, and where the rest is in the file of texts. */
interface CachedFile extends Omit<DecisionDraft, keyof LazyParts> {
  key: string
  at?: [begin: number, end: number]
}

interface Cached {
  /** Another version may parse a file differently. */
  version: string
  /** The file of texts for this index starts with it. */
  stamp: string
  files: Record<string, CachedFile>
}

declare const __VERSION__: string
const version = `${__VERSION__}/4`
const stampLength = 16

/**
 * Every decision file of the work tree, sorted by name. Parsed files are cached by their stat identity, so that only
 * changed files are parsed; the decision itself is loaded only when it is read.
 */
export async function readDecisionFiles(repository: Repository, cacheDir: string): Promise<DecisionDraft[]> {
  if (!repository.workTree) return []
  const cache = openCache(cacheDir)
  const drafts: { draft: DecisionDraft; key: string }[] = []
  let same = true
  for (const file of listFiles(repository.workTree, decisionsFolder).sort()) {
    const known = cache.files[file]
    // Not join(): a thousand names need no normalising.
    const path = `${repository.workTree}/${file}`
    const key = identity(path)
    if (known?.key !== key) same = false
    drafts.push({ key, draft: known?.key === key ? toDraft(known, cache.text) : await readOne(path, file) })
  }
  if (!same || Object.keys(cache.files).length !== drafts.length) keep(cacheDir, drafts)
  return drafts.map(({ draft }) => draft)
}

/**
 * Writes the texts first, then the index that points into them: openCache rejects an index whose stamp is not that of
 * the texts.
 */
function keep(cacheDir: string, drafts: readonly { draft: DecisionDraft; key: string }[]): void {
  const stamp = randomBytes(stampLength / 2).toString('hex')
  const parts = [Buffer.from(stamp)]
  let end = stampLength
  const kept = drafts.map(({ key, draft: { decision, places, ...draft } }): [string, CachedFile] => {
    if (!decision) return [draft.file, { ...draft, key }]
    const text = Buffer.from(JSON.stringify({ decision, places }))
    parts.push(text)
    end += text.length
    return [draft.file, { ...draft, key, at: [end - text.length, end] }]
  })
  if (!replaceFile(join(cacheDir, 'decision-texts'), Buffer.concat(parts))) return
  replaceFile(join(cacheDir, 'decisions.json'), JSON.stringify({ version, stamp, files: Object.fromEntries(kept) }))
}

function openCache(cacheDir: string): Pick<Cached, 'files'> & { text(at: [number, number]): string } {
  const none = { files: {}, text: () => '' }
  try {
    const { files, stamp, ...cached } = JSON.parse(readFileSync(join(cacheDir, 'decisions.json'), 'utf8')) as Cached
    if (cached.version !== version || !files) return none
    const texts = readFileSync(join(cacheDir, 'decision-texts'))
    if (texts.toString('latin1', 0, stampLength) !== stamp) return none
    return { files, text: ([begin, end]) => texts.toString('utf8', begin, end) }
  } catch {
    return none
  }
}

function toDraft({ key: _, at, ...draft }: CachedFile, text: (at: [number, number]) => string): DecisionDraft {
  if (at === undefined) return draft
  let loaded: LazyParts | undefined
  const load = () => {
    loaded ??= JSON.parse(text(at)) as LazyParts
    return loaded
  }
  return Object.defineProperties(draft as DecisionDraft, {
    decision: { enumerable: true, get: () => load().decision },
    places: { enumerable: false, get: () => load().places },
  })
}

function listFiles(top: string, folder: string): string[] {
  try {
    // A symlink could lead anywhere, and in circles.
    if (!lstatSync(`${top}/${folder}`).isDirectory()) return []
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
  const { maxDecisionBytes, parseDecision } = await import('../model/parse.ts')
  const problem = (message: string, hint: string): DecisionDraft => ({
    file,
    slug: slugOf(file),
    digest: '',
    problems: [{ line: 1, column: 1, message, hint }],
  })
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) return problem('is not a regular file', 'a decision cannot be a link or a folder')
    return await parseDecision(stat.size > maxDecisionBytes ? stat.size : readFileSync(path), file)
  } catch (error) {
    return problem(`cannot be read (${(error as NodeJS.ErrnoException).code})`, `ls -l ${file}`)
  }
}
