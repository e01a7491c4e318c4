import { ProvError } from '../../base/errors.ts'
import { type Comparison, compareTrees } from '../../git/objects/compare-trees.ts'
import { importCommits, type NewCommit, startImport } from '../../git/objects/fast-import.ts'
import { startLargeImport } from '../../git/objects/gradual-commit.ts'
import { ObjectReader, parseCommit } from '../../git/objects/objects.ts'
import { fetchMissing } from '../../git/refs/fetch-missing.ts'
import { readMissingTips } from '../../git/refs/missing-tips.ts'
import { moveRefs, type RefMove } from '../../git/refs/refs.ts'
import { promisorRemote } from '../../git/refs/remotes.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { makeBranchCommits } from '../append/branch-commit.ts'
import { committerIdent } from '../append/committer.ts'
import { isOurs } from '../append/init.ts'
import { localDir } from '../local/local-dir.ts'
import { withLock } from '../local/lock.ts'
import { readSettings } from '../local/settings.ts'
import { updatedNotes } from '../notes/note-update.ts'
import { type Rebuilt, rebuildNotes } from '../notes/rebuild-notes.ts'
import { areNotesStale, clearNotesStale, markNotesStale } from '../notes/stale-notes.ts'
import { listFiles } from '../read/read.ts'
import { unjoined } from '../read/sources.ts'
import { type Meeting, meetRewriting } from '../removal/rewriting.ts'
import { holdsRemovals, type JoinPlan, planJoin, refuseStrange } from './join-plan.ts'
import { countRecords } from './sync-view.ts'

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
const manyNotes = 256

/**
 * Makes the local branch the union of itself and what fetching has brought, and the notes with it. No common history
 * is needed for that: a join compares trees, and writes what differs by one fast-import (half of what git merge-tree and
 * the checks it would need cost, at 100,000 records); many tips come together in one commit. `also` names remotes to hear beside the chosen ones. Throws `not-ours`,
 * `record` for a branch with what git-prov never writes.
 */
export async function joinRemotes(
  repository: Repository,
  deadline = Date.now() + 30_000,
  also: readonly string[] = [],
): Promise<Joined[]> {
  const refs = unjoined(repository, also)
  const objects = new ObjectReader(repository)
  try {
    return await joinRefs(repository, objects, refs, deadline)
  } finally {
    objects.close()
  }
}

/** The same of refs that are known, with their tips. */
export async function joinRefs(
  repository: Repository,
  objects: ObjectReader,
  refs: ReadonlyMap<string, string>,
  deadline: number,
): Promise<Joined[]> {
  await fixNotes(repository)
  const joined: Joined[] = []
  if (refs.size === 0) return joined
  const work = async () => {
    const left = [...refs].map(([ref, tip]) => ({ ref, tip }))
    while (left.length > 0) joined.push(...(await joinSome(repository, objects, left)))
    return true
  }
  if (!(await withLock(localDir(repository), deadline, () => true, work)))
    throw new ProvError('locked', 'another git-prov is writing here', { hint: 'try again; git prov doctor' })
  return joined
}

/** A join that was killed between the two refs left the branch ahead of its notes. */
async function fixNotes(repository: Repository): Promise<void> {
  const local = localDir(repository)
  if (!areNotesStale(local)) return
  await rebuildNotes(repository)
  clearNotesStale(local)
}

/** A tip that a ref led to. */
interface Tip {
  ref: string
  tip: string
}

/** Joins one tip, or all of them in one commit, and takes what was joined or is held already out of `left`. */
async function joinSome(repository: Repository, objects: ObjectReader, left: Tip[]): Promise<Joined[]> {
  for (let tries = 0; tries < joinTries; tries++) {
    const joined = await tryJoin(repository, objects, left)
    if (joined) return joined
  }
  throw new ProvError('contention', 'the provenance branch kept moving', { hint: 'git prov sync' })
}

/** What they brought; undefined when the branch moved meanwhile. */
async function tryJoin(repository: Repository, objects: ObjectReader, left: Tip[]): Promise<Joined[] | undefined> {
  const { branchRef, notesRef } = readSettings(repository)
  const [branch, notes] = await objects.readAll([branchRef, notesRef])
  const [first] = left as [Tip, ...Tip[]]
  if (!branch) {
    fetchMissing(repository, first.tip)
    const whole = await takeWhole(repository, branchRef, first.ref, first.tip)
    return whole && left.splice(0, 1) && [{ ...first, ...whole }]
  }
  const tipsLeft = left.map(({ tip }) => tip)
  // One tip is compared while git walks the history; a clone that lacks objects fetches them in one go before.
  const compared =
    left.length === 1 && !promisorRemote(repository) ? compareTrees(objects, branch.oid, first.tip) : undefined
  compared?.catch(() => {})
  const missingHere = await readMissingTips(repository, branch.oid, tipsLeft)
  const known = new Set<string>()
  left.splice(
    0,
    left.length,
    ...left.filter(({ tip }) => missingHere.tips.has(tip) && !known.has(tip) && known.add(tip)),
  )
  if (left.length === 0) return []
  const tips = (await mayJoinTogether(objects, branch.oid, left)) ? [...left] : left.slice(0, 1)
  if (missingHere.hasRoot) for (const tip of tips) await requireOurs(repository, branch.oid, tip)
  for (const { tip } of tips) fetchMissing(repository, tip, branch.oid)
  const joined = await move(repository, objects, { branch: branch.oid, notes: notes?.oid }, tips, compared)
  return joined && left.splice(0, tips.length) && joined
}

/** Records that let files go are heard one after another: what one says decides what is taken from the next. */
async function mayJoinTogether(objects: ObjectReader, branch: string, tips: readonly Tip[]): Promise<boolean> {
  if (tips.length === 1) return true
  for (const commit of [branch, ...tips.map(({ tip }) => tip)]) if (await holdsRemovals(objects, commit)) return false
  return true
}

async function requireOurs(repository: Repository, branch: string, { ref, tip }: Tip): Promise<void> {
  const related = tryGit(repository, ['merge-base', branch, tip]).status === 0
  if (!related && !(await isOurs(repository, tip))) throw notOurs(ref)
}

/** Makes the union, with its notes, and moves both refs; undefined when another writer was first. */
async function move(
  repository: Repository,
  objects: ObjectReader,
  { branch, notes }: { branch: string; notes: string | undefined },
  tips: readonly Tip[],
  compared: Promise<Comparison> | undefined,
): Promise<Joined[] | undefined> {
  const settings = readSettings(repository)
  const plan = await planJoin(repository, objects, branch, tips, await compared)
  const taken = [...plan.take].map(([path, oid]) => ({ path, oid }))
  const [{ tip }] = tips as [Tip, ...Tip[]]
  const meeting: Meeting = tips.length > 1 ? { way: 'join' } : await meetRewriting(repository, objects, branch, tip)
  const counts = plan.from.map(countRecords)
  const joined = tips.map((one, index) => ({ ...one, records: counts[index] as number }))
  if (meeting.way === 'onto-ours' && taken.length === 0 && plan.drop.length === 0) return joined
  const rewritten = meeting.way === 'onto-theirs'
  const adopt = meeting.way !== 'onto-ours' && plan.inTheirs && (rewritten || !hasOwnCommits(repository, tip, branch))
  const noteFiles =
    plan.drop.length > 0 ? new Map<string, string>() : await updatedNotes(repository, objects, notes, taken)
  const extra = noteFiles.size > 0 ? [notesCommit(notes, noteFiles)] : []
  const start = () => (noteFiles.size > manyNotes ? startLargeImport(repository) : startImport(repository))
  const onBranch = adopt ? undefined : await joinCommit(repository, objects, branch, tips, plan, meeting)
  const made = onBranch
    ? await makeBranchCommits(repository, onBranch, extra, { settings, started: start() })
    : [tip, ...(extra.length > 0 ? await importCommits(repository, extra, start()) : [])]
  const moves: RefMove[] = [{ ref: settings.branchRef, to: made[0], from: branch }]
  if (made[1]) moves.push({ ref: settings.notesRef, to: made[1], from: notes })
  markNotesStale(localDir(repository))
  if (!(await moveRefs(repository, moves))) return undefined
  // What was let go may have lines in any note.
  if (plan.drop.length > 0 || rewritten) await rebuildNotes(repository)
  clearNotesStale(localDir(repository))
  return joined.map((one) => ({ ...one, ...(rewritten && { redaction: meeting.by.id }) }))
}

/** The first branch here: theirs, once it is known to be one of ours. */
async function takeWhole(repository: Repository, branchRef: string, ref: string, tip: string) {
  // A walk of the whole history, while its files are listed.
  const ours = isOurs(repository, tip)
  ours.catch(() => {})
  const files = listFiles(repository, tip)
  if (!(await ours)) throw notOurs(ref)
  refuseStrange(
    ref,
    files.map(({ path, ...after }) => ({ path, after })),
  )
  markNotesStale(localDir(repository))
  if (!(await moveRefs(repository, [{ ref: branchRef, to: tip, from: undefined }]))) return undefined
  const rebuilt = await rebuildNotes(repository)
  clearNotesStale(localDir(repository))
  return { records: countRecords(files), rebuilt }
}

function notOurs(ref: string): ProvError {
  return new ProvError('not-ours', `${ref} is not a branch git-prov made`, {
    hint: 'git config prov.branch <another name>, then git prov init',
  })
}

/** The same whoever makes it, unless it is signed: parents in the order of their names, the later one's date. */
async function joinCommit(
  repository: Repository,
  objects: ObjectReader,
  branch: string,
  tips: readonly Tip[],
  plan: JoinPlan,
  { way }: Meeting,
): Promise<NewCommit> {
  const all = [branch, ...tips.map(({ tip }) => tip)]
  const [ours, ...theirs] = await objects.readAll(all)
  const dates = [ours, ...theirs].map((commit) => (commit ? parseCommit(commit).committer.seconds : 0))
  return {
    ident: readSettings(repository).sign ? committerIdent(repository) : joinIdent(Math.max(...dates)),
    message: 'join\n',
    parents: way === 'join' ? all.sort() : [way === 'onto-ours' ? branch : (all[1] as string)],
    tree: ours ? parseCommit(ours).tree : '',
    files: new Map(),
    blobs: plan.take,
    folders: plan.folders,
    removed: plan.drop,
  }
}

const joinIdent = (seconds: number) => `git-prov <git-prov@localhost> ${seconds} +0000`

function notesCommit(notes: string | undefined, files: Map<string, string>): NewCommit {
  return { ident: joinIdent(Math.floor(Date.now() / 1000)), message: 'join\n', parents: notes ? [notes] : [], files }
}

/** Joins made here of what they hold already are not worth keeping; a commit somebody wrote is. */
function hasOwnCommits(repository: Repository, theirs: string, ours: string): boolean {
  const result = tryGit(repository, ['rev-list', '--no-merges', '--max-count=1', ours, `^${theirs}`])
  return result.status !== 0 || result.stdout.length > 0
}
