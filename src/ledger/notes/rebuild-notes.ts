import { ProvError } from '../../base/errors.ts'
import { GradualCommit } from '../../git/objects/gradual-commit.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { gitText, tryGit } from '../../git/run.ts'
import { formatNoteLine, isNewer, type NoteLine, noteLines } from '../../records/note.ts'
import { orderNote, type WrittenLine } from '../../records/note-lines/note-order.ts'
import type { StoredRecord } from '../../records/record.ts'
import { committerIdent } from '../append/committer.ts'
import { readSettings } from '../local/settings.ts'
import { readRecordBatches } from '../read/read.ts'
import { type NewerLines, readNewerLines } from './newer-lines.ts'
import { notePath } from './notes.ts'

export interface Rebuilt {
  /** Commits that have a note now. */
  commits: number
  records: number
  /** False when the notes were right already. */
  changed: boolean
  /** Records that could not be read, which have no note. */
  damaged: ProvError[]
}

/**
 * Makes the notes anew from the branch alone. Nothing is only in a note, so nothing is lost by it. What a newer version
 * says of records of its own kinds is taken over as it stands, from the notes there are or from the commit `before`.
 */
export async function rebuildNotes(repository: Repository, before?: string): Promise<Rebuilt> {
  const { notesRef } = readSettings(repository)
  const sheets = new NoteSheets(repository, await readNewerLines(repository, before ?? notesRef))
  const { records, damaged } = await sheets.fill()
  const old = tryGit(repository, ['rev-parse', '--verify', '--quiet', notesRef]).stdout.toString('utf8').trim()
  const notes = await sheets.commit(committerIdent(repository))
  const changed = !old || treeOf(repository, old) !== treeOf(repository, notes)
  if (changed && !(await moveRefs(repository, [{ ref: notesRef, to: notes, from: old || undefined }]))) {
    throw new ProvError('contention', `${notesRef} moved while it was rebuilt`, { hint: 'git prov notes rebuild' })
  }
  return { commits: sheets.commits, records, changed, damaged }
}

/**
 * The notes while the records are read: most commits have one record, so git gets the note of the first at once and
 * works on it meanwhile. Where another comes, the note is written again.
 */
class NoteSheets {
  readonly #repository: Repository
  readonly #importing: GradualCommit
  /** The note of each commit, by its number. */
  readonly #notes = new Map<string, number>()
  readonly #first: WrittenLine[] = []
  readonly #more = new Map<string, WrittenLine[]>()
  readonly #newer: NewerLines

  constructor(repository: Repository, newer: NewerLines) {
    this.#repository = repository
    this.#newer = newer
    this.#importing = new GradualCommit(repository)
  }

  get commits(): number {
    return this.#notes.size
  }

  async fill(): Promise<{ records: number; damaged: ProvError[] }> {
    try {
      const filled = await eachLine(
        this.#repository,
        (commit, line) => (isNewer(line) && this.#newer.ids.has(line.id) ? undefined : this.#add(commit, line)),
        () => this.#importing.flush(),
      )
      for (const [commit, lines] of this.#newer.lines) for (const line of lines) this.#add(commit, line)
      return filled
    } catch (error) {
      await this.#importing.drop()
      throw error
    }
  }

  #add(commit: string, line: NoteLine): void {
    const written = { text: formatNoteLine(line), time: line.time }
    const known = this.#notes.get(commit)
    if (known === undefined) {
      const mark = this.#importing.add(`${written.text}\n`)
      this.#notes.set(commit, mark)
      this.#first[mark] = written
    } else if (this.#more.get(commit)?.push(written) === undefined) this.#more.set(commit, [written])
  }

  async commit(ident: string): Promise<string> {
    for (const [commit, lines] of this.#more) {
      const first = this.#first[this.#notes.get(commit) as number] as WrittenLine
      this.#notes.set(commit, this.#importing.add(orderNote([first, ...lines])))
    }
    return await this.#importing.finish({ ident, message: 'rebuild\n' }, placed(this.#notes))
  }
}

/** The path of each note, in a fan-out that fits how many there are. */
function* placed(notes: ReadonlyMap<string, number>): Generator<[string, number]> {
  const depth = notes.size > 65_536 ? 2 : 1
  for (const [commit, mark] of notes) yield [notePath(commit, depth), mark]
}

/** What each commit's note should say, from the branch alone. */
export async function collectNotes(repository: Repository) {
  const lines = new Map<string, NoteLine[]>()
  const found = await eachLine(repository, (commit, line) => {
    if (lines.get(commit)?.push(line) === undefined) lines.set(commit, [line])
  })
  return { lines, ...found }
}

/** Tells of each note line that the records of the branch give. `pause` is awaited now and then. */
async function eachLine(
  repository: Repository,
  onLine: (commit: string, line: NoteLine) => void,
  pause: () => Promise<void> = async () => {},
): Promise<{ records: number; damaged: ProvError[] }> {
  const damaged: ProvError[] = []
  let records = 0
  for await (const batch of readRecordBatches(repository)) {
    for (const outcome of batch) {
      const lines = 'error' in outcome ? outcome.error : linesOf(outcome.stored)
      if (lines instanceof ProvError) damaged.push(lines)
      else for (const [commit, line] of lines) onLine(commit, line)
      if (!(lines instanceof ProvError)) records += 1
    }
    await pause()
  }
  return { records, damaged }
}

/** A record can be what its name says and still not have what its kind has. */
function linesOf(stored: StoredRecord): Map<string, NoteLine> | ProvError {
  try {
    return noteLines(stored)
  } catch (cause) {
    return new ProvError('record', `record ${stored.id.slice(0, 12)} is not of its kind`, {
      cause,
      hint: 'git prov verify',
    })
  }
}

function treeOf(repository: Repository, commit: string): string {
  return gitText(repository, ['rev-parse', `${commit}^{tree}`])
}
