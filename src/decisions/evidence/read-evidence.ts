import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, short } from '../../base/digest.ts'
import { replaceFile } from '../../base/files.ts'
import { wasEverThere } from '../../git/history/history-of-path.ts'
import { holdsText } from '../../git/history/search-tree.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { type FoundRun, findRuns } from '../../ledger/index/find-runs.ts'
import { type RunFacts, readRunFacts } from '../../ledger/index/run-facts.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { manifestPath } from '../../records/layout.ts'
import { type CaptureNote, latestCapture } from '../../records/note-lines/capture-note.ts'
import type { DecisionDraft, Evidence } from '../model/decision.ts'
import { type CheckedCommit, type EvidenceState, evidenceKey } from '../model/problem.ts'

/** Cached lookups, so that a check reads only what changed. */
interface Kept {
  /** Object name of the notes in which `absent` was looked up. */
  notes: string
  absent: string[]
  /** Dataset digests that are on the ledger, where they stay. */
  known: string[]
  /** Digests of files by their stat identity. */
  files: Record<string, { key: string; digest: string }>
}

const mostBytes = 64 * 1024 * 1024

/** Looks up everything that decisions rest on, each thing once. */
export async function readEvidence(
  repository: Repository,
  objects: ObjectReader,
  drafts: readonly DecisionDraft[],
  { head, ledger }: { head: CheckedCommit | undefined; ledger: boolean },
): Promise<{ states: Map<string, EvidenceState>; runs: ReadonlyMap<string, FoundRun> }> {
  const all = drafts.flatMap(({ decision }) => decision?.evidence ?? [])
  const runs = await findRuns(
    repository,
    objects,
    all.flatMap(({ run }) => run ?? []),
  )
  const ids = [...runs.values()].flatMap((found) => ('id' in found ? [found.id] : []))
  const facts = await readRunFacts(repository, objects, ids)
  const lookup = new EvidenceLookup(repository, objects, { head, ledger, runs, facts })
  const states = new Map<string, EvidenceState>()
  for (const evidence of all) {
    const key = evidenceKey(evidence)
    if (!states.has(key)) states.set(key, await lookup.find(evidence))
  }
  lookup.keep()
  return { states, runs }
}

interface LookupFacts {
  head: CheckedCommit | undefined
  ledger: boolean
  runs: ReadonlyMap<string, FoundRun>
  facts: ReadonlyMap<string, RunFacts>
}

class EvidenceLookup {
  readonly #repository: Repository
  readonly #objects: ObjectReader
  readonly #facts: LookupFacts
  readonly #file: string
  readonly #kept: Kept
  #changed = false
  #notes: Promise<string> | undefined

  constructor(repository: Repository, objects: ObjectReader, facts: LookupFacts) {
    this.#repository = repository
    this.#objects = objects
    this.#facts = facts
    this.#file = join(localDir(repository).cache, 'evidence.json')
    this.#kept = readKept(this.#file)
  }

  keep(): void {
    if (this.#changed) replaceFile(this.#file, JSON.stringify(this.#kept))
  }

  async find({ run, dataset, commit, file, digest }: Evidence): Promise<EvidenceState> {
    if (run) return this.#run(run)
    if (commit) return await this.#commit(commit)
    return dataset ? await this.#dataset(dataset, digest) : this.#path(file as string, digest)
  }

  #run(word: string): EvidenceState {
    const found = this.#facts.runs.get(word)
    if (!found) return this.#facts.ledger ? unknown(`names run ${word}, which is not on the branch`) : noLedger
    if ('several' in found) return unknown(`names run ${word}, which matches ${found.several} runs; write more digits`)
    return staleness(this.#facts.facts.get(found.id), latestCapture(this.#facts.head?.lines ?? []), word)
  }

  async #commit(word: string): Promise<EvidenceState> {
    const found = await this.#objects.read(word)
    if (found?.type === 'commit') return { state: 'current' }
    if (existsSync(join(this.#repository.commonDir, 'shallow')))
      return { state: 'unchecked', reason: 'the clone is shallow' }
    return unknown(`names commit ${word.slice(0, 10)}, which is not here`)
  }

  async #dataset(name: string, digest: string | undefined): Promise<EvidenceState> {
    const capture = latestCapture(this.#facts.head?.lines ?? [])
    const now = capture?.datasets?.[name]?.digest
    const today = now === undefined ? {} : { now }
    if (digest !== undefined && now?.startsWith(digest)) return { state: 'current' }
    if (!this.#facts.ledger) return noLedger
    if (digest === undefined || !(await this.#isRecorded(digest)))
      return { state: 'unknown', ...today, reason: `names dataset ${name} ${short(digest ?? '')}, which no commit had` }
    if (!capture) return { state: 'unchecked', reason: 'HEAD has no capture' }
    return {
      state: 'stale',
      ...today,
      reason: `dataset ${name} was ${short(digest)} and is ${now ? `${short(now)} now` : 'no longer declared'}`,
    }
  }

  async #isRecorded(digest: string): Promise<boolean> {
    if (this.#kept.known.includes(digest)) return true
    const { branchRef, notesRef } = readSettings(this.#repository)
    this.#notes ??= this.#objects.read(notesRef).then((notes) => notes?.oid ?? '')
    const notes = await this.#notes
    if (this.#kept.notes !== notes) Object.assign(this.#kept, { notes, absent: [] })
    if (this.#kept.absent.includes(digest)) return false
    const manifest = digest.length === 64 ? await this.#objects.read(`${branchRef}:${manifestPath(digest)}`) : undefined
    const found = manifest !== undefined || (notes !== '' && holdsText(this.#repository, notes, `"digest":"${digest}`))
    this.#kept[found ? 'known' : 'absent'].push(digest)
    this.#changed = true
    return found
  }

  #path(file: string, digest: string | undefined): EvidenceState {
    const path = join(this.#repository.workTree ?? '', file)
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (!stat?.isFile()) {
      if (wasEverThere(this.#repository, file)) return { state: 'stale', reason: `${file} no longer exists` }
      return unknown(`names ${file}, which does not exist`)
    }
    if (stat.size > mostBytes)
      return { state: 'unchecked', reason: `${file} is too big to read at each check; make it a dataset` }
    const key = `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}`
    const kept = this.#kept.files[file]
    const now = kept?.key === key ? kept.digest : digestOf(readFileSync(path))
    if (kept?.key !== key) {
      this.#kept.files[file] = { key, digest: now }
      this.#changed = true
    }
    if (digest === undefined) return { state: 'unknown', now, reason: 'has no digest' }
    return now.startsWith(digest) ? { state: 'current' } : { state: 'stale', now, reason: `${file} has changed since` }
  }
}

/** A run is current while its last replay agrees and the inputs it used are still HEAD's. */
function staleness(facts: RunFacts | undefined, head: CaptureNote | undefined, word: string): EvidenceState {
  const name = `run ${short(word)}`
  if (facts?.verdict === 'different') return { state: 'stale', reason: `the last replay of ${name} came out different` }
  if (facts?.verdict === 'could-not-run') return { state: 'stale', reason: `${name} could not be replayed` }
  for (const { name: input, digest, direct } of facts?.inputs ?? []) {
    const now = head?.datasets?.[input]?.digest
    if (now && now !== digest)
      return {
        state: 'stale',
        reason: `${name} ${direct ? 'used' : 'rests on'} ${input} ${short(digest)}, which is ${short(now)} now`,
      }
  }
  if (facts?.environment && head?.environment && facts.environment !== head.environment)
    return { state: 'stale', minor: true, reason: `${name} was made in another environment than HEAD's` }
  return { state: 'current' }
}

const noLedger: EvidenceState = { state: 'unchecked', reason: 'there is no branch prov here' }
const unknown = (reason: string): EvidenceState => ({ state: 'unknown', reason })

function readKept(file: string): Kept {
  const empty: Kept = { notes: '', absent: [], known: [], files: {} }
  try {
    return { ...empty, ...(JSON.parse(readFileSync(file, 'utf8')) as Kept) }
  } catch {
    return empty
  }
}
