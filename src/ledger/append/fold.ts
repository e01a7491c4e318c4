import { existsSync, rmSync } from 'node:fs'
import { ProvError } from '../../base/errors.ts'
import { type NewCommit, startImport } from '../../git/objects/fast-import.ts'
import { ObjectReader, parseCommit } from '../../git/objects/objects.ts'
import { moveRefs, startMove } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import type { StartedGit } from '../../git/run.ts'
import { parseNote } from '../../records/note.ts'
import { isPending, latestCapture } from '../../records/note-lines/capture-note.ts'
import { readLastFold, writeLastFold } from '../local/last-fold.ts'
import { localDir } from '../local/local-dir.ts'
import { sleep, withLock } from '../local/lock.ts'
import { readSettings, type Settings } from '../local/settings.ts'
import { findNote, notePath } from '../notes/notes.ts'
import { type CommitWay, makeBranchCommits } from './branch-commit.ts'
import { growChain } from './notes-chain.ts'
import { type Entry, listSpool, readSpool, type SpoolItem, toItem, writeSpool } from './spool.ts'

/** Where an append ended: on the branch, or in the spool for the next command to fold. */
export type Appended = 'folded' | 'spooled'

export interface FoldOptions extends Pick<CommitWay, 'ask' | 'mustSign' | 'onUnsigned'> {
  /** Committer of the branch commit: `Name <mail> <seconds> <zone>`. */
  ident: string
  /** When to give up and leave the spool to the next command, in ms since the epoch. */
  deadline: number
  objects?: ObjectReader
  /** Processes started in advance, for the first attempt. */
  prestarted?: PrestartedWrites
  /** Entries written by this fold or not at all: they are never spooled. */
  extra?: readonly Entry[]
  /** A commit just created, which cannot have a note yet. */
  fresh?: string
}

/** The two git processes of an append, waiting for input: a hook starts them before it knows what to write. */
export interface PrestartedWrites {
  import: StartedGit
  move: StartedGit
}

export function prestartWrites(repository: Repository): PrestartedWrites {
  return { import: startImport(repository), move: startMove(repository) }
}

/** Ends processes that were started in advance but not needed. */
export async function dropWrites(prestarted: PrestartedWrites): Promise<void> {
  await Promise.all([prestarted.import.finish('done\n'), prestarted.move.finish('')])
}

/**
 * Adds entries to the ledger: spool first, then fold. With `onKept` it throws only when even the spool could not be
 * written: `onKept` is called when entries stay spooled, with the error unless the ledger was merely busy.
 */
export async function append(
  repository: Repository,
  entries: readonly Entry[],
  options: FoldOptions,
  onKept?: (error?: unknown) => void,
): Promise<Appended> {
  const path = writeSpool(localDir(repository), entries)
  try {
    if (await foldSpool(repository, options, path)) return 'folded'
    onKept?.()
  } catch (error) {
    if (!onKept || !existsSync(path)) throw error
    onKept(error)
  }
  return 'spooled'
}

/**
 * Adds entries in a signed commit, or not at all. They bypass the spool, because another process that folded them would
 * sign by its own settings. Throws `signature` or `locked`.
 */
export async function appendSigned(
  repository: Repository,
  entries: readonly Entry[],
  options: FoldOptions,
): Promise<void> {
  if (!(await foldSpool(repository, { ...options, extra: entries, mustSign: true })))
    throw new ProvError('locked', 'the ledger is busy', { hint: 'run it again in a moment' })
}

const foldTries = 20

/**
 * Folds the whole spool into one commit on the branch and one on the notes, moved together. Returns false when the lock
 * was not free in time. With `own`, stops waiting as soon as that file is gone: another process folded it.
 */
export async function foldSpool(repository: Repository, options: FoldOptions, own?: string): Promise<boolean> {
  const local = localDir(repository)
  const waiting = () => {
    const spool = listSpool(local)
    return options.extra !== undefined || (own ? spool.includes(own) : spool.length > 0)
  }
  const done = await withLock(local, options.deadline, waiting, async () => {
    const objects = options.objects ?? new ObjectReader(repository)
    try {
      for (let round = 0; round < foldTries; round++) {
        if (await foldOnce(repository, objects, options, round === 0 ? options.prestarted : undefined)) return true
        objects.forget()
        await sleep(Math.random() * 20 * (round + 1))
      }
    } finally {
      if (!options.objects) objects.close()
    }
    throw new ProvError('contention', 'the provenance refs kept moving', { hint: 'git prov capture' })
  })
  return done ?? !waiting()
}

/** One attempt; false when a ref moved meanwhile. */
async function foldOnce(
  repository: Repository,
  objects: ObjectReader,
  options: FoldOptions,
  prestarted: PrestartedWrites | undefined,
): Promise<boolean> {
  const paths = listSpool(localDir(repository))
  const items = [...paths.flatMap((path) => readSpool(path) ?? []), ...(options.extra ?? []).map(toItem)]
  if (items.length > 0) {
    const settings = readSettings(repository)
    const tips = await readTips(objects, settings)
    const fold = await plan(objects, tips, items, knownNotes(repository, tips, options.fresh))
    if (fold.files.size > 0 && !(await move(repository, settings, tips, fold, options, prestarted))) return false
  }
  for (const path of paths) rmSync(path, { force: true })
  return true
}

interface Tips {
  branch: string
  notes: string | undefined
  notesTree: string | undefined
}

async function readTips(objects: ObjectReader, settings: Settings): Promise<Tips> {
  const [branch, notes] = await objects.readAll([settings.branchRef, settings.notesRef])
  if (branch?.type === 'commit')
    return { branch: branch.oid, notes: notes?.oid, notesTree: notes && parseCommit(notes).tree }
  throw new ProvError('not-initialised', `there is no branch ${settings.branchRef.slice('refs/heads/'.length)} here`, {
    hint: 'git prov init',
  })
}

type KnownNotes = (commit: string) => { path: string; text: string } | undefined

/** While the refs are where our last fold left them, notes and fan-out are known without reading the notes tree. */
function knownNotes(repository: Repository, tips: Tips, fresh: string | undefined): KnownNotes {
  const last = readLastFold(localDir(repository))
  if (!last || last.branch !== tips.branch || last.notes !== tips.notes) return () => undefined
  return (commit) => {
    const text = last.texts[commit] ?? (commit === fresh ? '' : undefined)
    return text === undefined ? undefined : { path: notePath(commit, last.depth), text }
  }
}

interface Plan {
  files: Map<string, Uint8Array>
  notes: Map<string, Uint8Array>
  /** Note text by commit. */
  texts: Record<string, string>
  subjects: string[]
}

/** Plans what is not on the branch yet. After a fold that was killed once its refs had moved, nothing is left to do. */
async function plan(objects: ObjectReader, tips: Tips, items: readonly SpoolItem[], known: KnownNotes): Promise<Plan> {
  const places = new Map<string, { path: string; text: string }>()
  const result: Plan = { files: new Map(), notes: new Map(), texts: {}, subjects: [] }
  for (const item of items) {
    for (const commit of Object.keys(item.notes)) {
      if (!places.has(commit)) places.set(commit, known(commit) ?? (await findNote(objects, tips.notes, commit)))
    }
    if (item.unlessCaptured && isCaptured(item, places)) continue
    if (result.files.has(item.recordPath) || (await isDone(item, known, objects, tips, places))) continue
    addItem(result, item, places)
  }
  return result
}

/** Whether record and note line exist. A fold killed between the two refs left a record without its line, which is redone. */
async function isDone(
  { notes, recordPath }: SpoolItem,
  known: KnownNotes,
  objects: ObjectReader,
  tips: Tips,
  places: ReadonlyMap<string, { text: string }>,
): Promise<boolean> {
  // A known note lists every record about its commit.
  const [commit = '', line = ''] = Object.entries(notes)[0] ?? []
  const note = known(commit)
  if (note) return note.text.includes(line)
  if (!(await objects.read(`${tips.branch}:${recordPath}`))) return false
  return Object.entries(notes).every(([about, text]) => places.get(about)?.text.includes(text))
}

function isCaptured(item: SpoolItem, places: Map<string, { text: string }>): boolean {
  return Object.keys(item.notes).some((commit) => {
    const capture = latestCapture(parseNote(places.get(commit)?.text ?? '').lines)
    return capture !== undefined && !isPending(capture)
  })
}

function addItem(result: Plan, item: SpoolItem, places: Map<string, { path: string; text: string }>): void {
  for (const [path, content] of Object.entries(item.files)) {
    result.files.set(
      path,
      'text' in content ? Buffer.from(content.text, 'utf8') : Buffer.from(content.base64, 'base64'),
    )
  }
  for (const [commit, line] of Object.entries(item.notes)) {
    const place = places.get(commit) as { path: string; text: string }
    place.text = place.text && !place.text.endsWith('\n') ? `${place.text}\n${line}\n` : `${place.text}${line}\n`
    result.notes.set(place.path, Buffer.from(place.text, 'utf8'))
    result.texts[commit] = place.text
  }
  result.subjects.push(item.subject)
}

async function move(
  repository: Repository,
  settings: Settings,
  tips: Tips,
  fold: Plan,
  { ident, ask, mustSign, onUnsigned }: FoldOptions,
  prestarted: PrestartedWrites | undefined,
): Promise<boolean> {
  const message = fold.subjects.length === 1 ? `${fold.subjects[0]}\n` : `${fold.subjects.length} records\n`
  const chain = growChain(readLastFold(localDir(repository))?.chain, Date.now())
  const onBranch = { ident, message, parents: [tips.branch], files: fold.files }
  const onNotes = { ident, message: 'notes\n', ...notesBase(tips, chain.commits === 1), files: fold.notes }
  const [branch, notes] = await makeBranchCommits(repository, onBranch, [onNotes], {
    settings,
    ...(prestarted && { started: prestarted.import }),
    ...(ask && { ask }),
    ...(mustSign && { mustSign }),
    ...(onUnsigned && { onUnsigned }),
  })
  // Branch first: a crash can then only leave a branch ahead of its notes, which can be rebuilt.
  const moves = [
    { ref: settings.branchRef, to: branch, from: tips.branch },
    { ref: settings.notesRef, to: notes, from: tips.notes },
  ]
  if (!(await moveRefs(repository, moves, prestarted?.move))) return false
  const depth = ([...fold.notes.keys()][0] ?? '/').split('/').length - 1
  const tip = { branch: branch as string, notes: notes as string }
  writeLastFold(localDir(repository), { ...tip, depth, texts: fold.texts, chain })
  return true
}

/** The new notes commit continues the tree of the old one, as its child or as the start of a new chain. */
function notesBase({ notes, notesTree }: Tips, newChain: boolean): Pick<NewCommit, 'parents' | 'tree'> {
  if (!notes || !notesTree) return { parents: [] }
  return newChain ? { parents: [], tree: notesTree } : { parents: [notes] }
}
