import { isNewer } from '../core/branch-version.ts'
import { digestOf } from '../core/digest.ts'
import { ProvError } from '../core/errors.ts'
import { escapeLine } from '../core/escape.ts'
import { classifyPath } from '../core/layout.ts'
import { countRecords } from '../core/sync-view.ts'
import { planUnion, type UnionPlan } from '../core/union.ts'
import { importCommits, isSafePath, type NewCommit } from '../git/fast-import.ts'
import { fetchMissing } from '../git/fetch-missing.ts'
import { ObjectReader, parseCommit } from '../git/objects.ts'
import { moveRefs, type RefMove } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { diffTrees, type TreeChange } from '../git/tree-diff.ts'
import { makeBranchCommits } from './branch-commit.ts'
import { committerIdent } from './committer.ts'
import { isOurs } from './init.ts'
import { localDir } from './local-dir.ts'
import { withLock } from './lock.ts'
import { updatedNotes } from './note-update.ts'
import { areNotesBehind, clearNotesBehind, markNotesBehind } from './notes-behind.ts'
import { listFiles } from './read.ts'
import { type Rebuilt, rebuildNotes } from './rebuild-notes.ts'
import { readRemovals } from './removals.ts'
import { type Meeting, meetRewriting } from './rewriting.ts'
import { readSettings } from './settings.ts'
import { unjoined } from './sources.ts'

/** What joining one ref brought. */
export interface Joined {
  ref: string
  tip: string
  /** Records that were not here. */
  records: number
  /** Id of the redaction whose rewritten history was taken. */
  redaction?: string
  /** When it is the first branch here: the notes that were made of all of it. */
  rebuilt?: Rebuilt
}

const joinTries = 20

/**
 * Makes the local branch the union of itself and what fetching has brought, and the notes with it. No common history
 * is needed for that: a join compares two trees (one diff, one fast-import: half of what git merge-tree and the checks
 * it would need cost, at 100,000 records). `also` names remotes to hear beside the chosen ones. Throws `not-ours`,
 * `record` for a branch with what git-prov never writes.
 */
export async function joinRemotes(
  repository: Repository,
  deadline = Date.now() + 30_000,
  also: readonly string[] = [],
): Promise<Joined[]> {
  await mendNotes(repository)
  const refs = unjoined(repository, also)
  if (refs.size === 0) return []
  const objects = new ObjectReader(repository)
  const joined: Joined[] = []
  try {
    const work = async () => {
      for (const [ref, tip] of refs) joined.push(await joinOne(repository, objects, ref, tip))
      return true
    }
    if (!(await withLock(localDir(repository), deadline, () => true, work)))
      throw new ProvError('locked', 'another git-prov is writing here', { hint: 'try again; git prov doctor' })
  } finally {
    objects.close()
  }
  return joined
}

/** A join that was killed between the two refs left the branch ahead of its notes. */
async function mendNotes(repository: Repository): Promise<void> {
  const local = localDir(repository)
  if (!areNotesBehind(local)) return
  await rebuildNotes(repository)
  clearNotesBehind(local)
}

async function joinOne(repository: Repository, objects: ObjectReader, ref: string, tip: string): Promise<Joined> {
  fetchMissing(repository, tip, (await objects.read(readSettings(repository).branchRef))?.oid)
  for (let tries = 0; tries < joinTries; tries++) {
    const brought = await tryJoin(repository, objects, ref, tip)
    if (brought) return { ref, tip, ...brought }
  }
  throw new ProvError('contention', 'the provenance branch kept moving', { hint: 'git prov sync' })
}

/** What it brought; undefined when the branch moved meanwhile. */
async function tryJoin(
  repository: Repository,
  objects: ObjectReader,
  ref: string,
  tip: string,
): Promise<Omit<Joined, 'ref' | 'tip'> | undefined> {
  const settings = readSettings(repository)
  const { branchRef, notesRef } = settings
  const [branch, notes] = await objects.readAll([branchRef, notesRef])
  if (!branch) return await takeWhole(repository, branchRef, ref, tip)
  const base = mergeBase(repository, branch.oid, tip)
  if (!base && !(await isOurs(repository, tip))) throw notOurs(ref)
  const changes = diffTrees(repository, branch.oid, tip)
  refuseStrange(ref, changes)
  const { plan, inTheirs } = await planJoin(repository, objects, branch.oid, changes)
  const taken = [...plan.take].map(([path, oid]) => ({ path, oid }))
  const meeting = await meetRewriting(repository, objects, branch.oid, tip)
  if (meeting.way === 'onto-ours' && taken.length === 0 && plan.drop.length === 0) return { records: 0 }
  const rewritten = meeting.way === 'onto-theirs'
  const adopt =
    meeting.way !== 'onto-ours' &&
    inTheirs &&
    (rewritten || base === branch.oid || !hasOwnCommits(repository, tip, branch.oid))
  const noteFiles = plan.drop.length > 0 ? new Map() : await updatedNotes(objects, notes?.oid, taken)
  const beside = noteFiles.size > 0 ? [notesCommit(notes?.oid, noteFiles)] : []
  const made = adopt
    ? [tip, ...(beside.length > 0 ? await importCommits(repository, beside) : [])]
    : await makeBranchCommits(
        repository,
        await joinCommit(repository, objects, branch.oid, tip, plan, meeting),
        beside,
        {
          settings,
        },
      )
  const moves: RefMove[] = [{ ref: branchRef, to: made[0], from: branch.oid }]
  if (made[1]) moves.push({ ref: notesRef, to: made[1], from: notes?.oid })
  markNotesBehind(localDir(repository))
  if (!(await moveRefs(repository, moves))) return undefined
  // What was let go may have lines in any note.
  if (plan.drop.length > 0 || rewritten) await rebuildNotes(repository)
  clearNotesBehind(localDir(repository))
  return { records: countRecords(taken), ...(rewritten && { redaction: meeting.by.id }) }
}

/** The first branch here: theirs, once it is known to be one of ours. */
async function takeWhole(repository: Repository, branchRef: string, ref: string, tip: string) {
  if (!(await isOurs(repository, tip))) throw notOurs(ref)
  const files = listFiles(repository, tip)
  refuseStrange(
    ref,
    files.map(({ path, ...after }) => ({ path, after })),
  )
  markNotesBehind(localDir(repository))
  if (!(await moveRefs(repository, [{ ref: branchRef, to: tip, from: undefined }]))) return undefined
  const rebuilt = await rebuildNotes(repository)
  clearNotesBehind(localDir(repository))
  return { records: countRecords(files), rebuilt }
}

/** A newer git-prov may write what this one does not know; links, submodules and names out of the tree nobody writes. */
function refuseStrange(ref: string, changes: readonly TreeChange[]): void {
  const strange = changes.find(({ path, after }) => after && (after.mode !== '100644' || !isSafePath(path)))
  if (!strange) return
  throw new ProvError('record', `${ref} holds what git-prov never writes: ${escapeLine(strange.path)}`, {
    hint: 'it was not joined; somebody wrote to that branch by hand',
  })
}

function notOurs(ref: string): ProvError {
  return new ProvError('not-ours', `${ref} is not a branch git-prov made`, {
    hint: 'git config prov.branch <another name>, then git prov init',
  })
}

/** The union as changes to ours, and whether it is just what theirs has. */
async function planJoin(
  repository: Repository,
  objects: ObjectReader,
  branch: string,
  changes: readonly TreeChange[],
): Promise<{ plan: UnionPlan; inTheirs: boolean }> {
  const differences = changes.map(({ path, before, after }) => ({
    path,
    ...(before && { ours: before.oid }),
    ...(after && { theirs: after.oid }),
  }))
  const arrived = differences.flatMap(({ path, theirs }) => (theirs ? [{ path, oid: theirs }] : []))
  const removing =
    (await objects.read(`${branch}:records/archive`)) ?? (await objects.read(`${branch}:records/redaction`))
  const before = removing
    ? await readRemovals(objects, listFiles(repository, branch, ['records/archive/', 'records/redaction/']))
    : new Set<string>()
  const news = await readRemovals(objects, arrived)
  const wins = await newerContents(objects, differences)
  const plan = planUnion(differences, new Set([...before, ...news]), (ours, theirs) => wins.has(`${ours} ${theirs}`))
  plan.drop = [...news].filter((path) => !before.has(path))
  const inTheirs = differences.every(({ path, theirs }) =>
    theirs ? plan.take.has(path) : before.has(path) || news.has(path),
  )
  return { plan, inTheirs }
}

/** Of paths with two contents, those where theirs is the one to keep, as `<ours> <theirs>`. */
async function newerContents(
  objects: ObjectReader,
  differences: readonly { path: string; ours?: string; theirs?: string }[],
): Promise<Set<string>> {
  const wins = new Set<string>()
  for (const { path, ours, theirs } of differences) {
    if (!ours || !theirs) continue
    const [left, right] = await objects.readAll([ours, theirs])
    if (left && right && theirsIsBetter(path, left.body, right.body)) wins.add(`${ours} ${theirs}`)
  }
  return wins
}

/** A file named by its digest has one right content; README and schemas have a newer one. */
function theirsIsBetter(path: string, ours: Buffer, theirs: Buffer): boolean {
  const file = classifyPath(path)
  const named = file && ('id' in file ? file.id : 'digest' in file ? file.digest : undefined)
  if (named === digestOf(ours)) return false
  return named === digestOf(theirs) || isNewer(theirs, ours)
}

/** The same whoever makes it, unless it is signed: parents in the order of their names, the later one's date. */
async function joinCommit(
  repository: Repository,
  objects: ObjectReader,
  branch: string,
  tip: string,
  plan: UnionPlan,
  { way }: Meeting,
): Promise<NewCommit> {
  const [ours, theirs] = await objects.readAll([branch, tip])
  const dates = [ours, theirs].map((commit) => (commit ? parseCommit(commit).committer.seconds : 0))
  return {
    ident: readSettings(repository).sign ? committerIdent(repository) : joinIdent(Math.max(...dates)),
    message: 'join\n',
    parents: way === 'join' ? [branch, tip].sort() : [way === 'onto-ours' ? branch : tip],
    tree: ours ? parseCommit(ours).tree : '',
    files: new Map(),
    blobs: plan.take,
    removed: plan.drop,
  }
}

const joinIdent = (seconds: number) => `git-prov <git-prov@localhost> ${seconds} +0000`

function notesCommit(notes: string | undefined, files: Map<string, Uint8Array>): NewCommit {
  return { ident: joinIdent(Math.floor(Date.now() / 1000)), message: 'join\n', parents: notes ? [notes] : [], files }
}

function mergeBase(repository: Repository, left: string, right: string): string | undefined {
  const result = tryGit(repository, ['merge-base', left, right])
  return result.status === 0 ? result.stdout.toString('utf8').split('\n')[0] : undefined
}

/** Joins made here of what they hold already are not worth keeping; a commit somebody wrote is. */
function hasOwnCommits(repository: Repository, theirs: string, ours: string): boolean {
  const result = tryGit(repository, ['rev-list', '--no-merges', '--max-count=1', ours, `^${theirs}`])
  return result.status !== 0 || result.stdout.length > 0
}
