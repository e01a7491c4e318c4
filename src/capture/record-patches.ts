import type { Context } from '../context.ts'
import { patchIds, rangePatchId } from '../git/history/patch-ids.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { listRefs } from '../git/refs/refs.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { PatchIndex } from '../ledger/index/patch-index.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { NotesTree } from '../ledger/notes/notes-tree.ts'
import { record } from '../recording/record.ts'
import type { Patches } from '../records/record.ts'
import { readPatchState } from './patches-seen.ts'

const most = 5000
const mostRanges = 50

/**
 * Records the patch ids of this clone's captured commits that have none recorded yet, in one record. Not part of the
 * commit hook, since it costs one diff per commit; done before sharing, so that what a forge makes of the commits is
 * still recognised when the commits themselves are gone. Returns how many commits and ranges were added.
 */
export async function recordPatches(context: Context, objects: ObjectReader): Promise<number> {
  const repository = context.repository()
  const settings = readSettings(repository)
  if (settings.since === undefined) return 0
  const { isSeen, remember } = readPatchState(repository)
  if (isSeen) return 0
  const heads = branchHeads(repository, settings.branchRef)
  const index = await PatchIndex.open(repository, settings)
  const fresh = await withCaptures(objects, newCommits(repository, settings.since, index), settings.notesRef)
  const ids = await patchIds(repository, fresh)
  const ranges = await newRanges(repository, heads, index)
  if (ids.size === 0 && ranges.length === 0) {
    remember()
    return 0
  }
  const fields = {
    method: 'git patch-id --stable' as const,
    since: await oldest(objects, [...ids.keys(), ...ranges.map(({ head }) => head)]),
    patches: [...ids].map(([commit, patch]) => ({ commit, patch })),
    ...(ranges.length > 0 && { ranges }),
  }
  await record<Patches>(context, objects, { kind: 'patches', fields }, { patience: 5000 })
  remember()
  return ids.size + ranges.length
}

function newCommits(repository: Repository, since: number, index: PatchIndex): string[] {
  const args = ['rev-list', '--no-merges', `--since=${since - 1}`, `--max-count=${most}`, '--branches', 'HEAD']
  const result = tryGit(repository, [...args, '--not', `--glob=${readSettings(repository).branchRef}`])
  const commits = result.stdout.toString('utf8').split('\n').filter(Boolean)
  return commits.filter((commit) => !index.knows(commit))
}

/** A commit without a capture has nothing to be found by its patch id. */
async function withCaptures(objects: ObjectReader, commits: readonly string[], notesRef: string): Promise<string[]> {
  if (commits.length === 0) return []
  const notes = new NotesTree(objects, (await objects.read(notesRef))?.oid)
  const texts = await Promise.all(commits.map((commit) => notes.find(commit)))
  return commits.filter((_, at) => texts[at]?.text.includes('"kind":"capture"'))
}

function branchHeads(repository: Repository, branchRef: string): string[] {
  const refs = listRefs(repository, ['refs/heads/'])
  return [...new Set([...refs].filter(([ref]) => ref !== branchRef).map(([, tip]) => tip))].slice(0, mostRanges)
}

async function newRanges(repository: Repository, heads: readonly string[], index: PatchIndex) {
  const trunk = defaultBranch(repository)
  const ranges: NonNullable<Patches['ranges']> = []
  for (const head of trunk === undefined ? [] : heads) {
    const base = tryGit(repository, ['merge-base', trunk as string, head])
      .stdout.toString('utf8')
      .trim()
    if (base === '' || base === head || index.knowsRange(base, head)) continue
    const commits = Number(tryGit(repository, ['rev-list', '--count', head, `^${base}`]).stdout.toString('utf8'))
    const patch = commits > 1 ? await rangePatchId(repository, base, head) : undefined
    if (patch) ranges.push({ base, head, patch, commits })
  }
  return ranges
}

/** The branch that others start from: a remote's default branch, else an existing main or master. */
function defaultBranch(repository: Repository): string | undefined {
  const refs = listRefs(repository, ['refs/remotes/', 'refs/heads/'])
  const names = ['refs/remotes/origin/HEAD', 'refs/remotes/origin/main', 'refs/remotes/origin/master']
  return [...names, 'refs/heads/main', 'refs/heads/master'].find((ref) => refs.has(ref))
}

async function oldest(objects: ObjectReader, commits: readonly string[]): Promise<string> {
  const read = await objects.readAll(commits)
  const seconds = read.flatMap((commit) => (commit?.type === 'commit' ? [parseCommit(commit).committer.seconds] : []))
  return new Date(Math.max(0, Math.min(...seconds)) * 1000).toISOString()
}
