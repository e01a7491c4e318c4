import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { replaceFile } from '../../base/files.ts'
import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { addWorktree, removeWorktree } from '../../git/work-tree/worktree.ts'
import { type LocalDir, localDir } from '../../ledger/local/local-dir.ts'
import { holderOf, isGone, type LockHolder } from '../../ledger/local/lock.ts'
import type { Subject } from '../subject.ts'

/** Where a run is replayed: a temporary work tree, with a folder next to it for everything else. */
export interface Workspace {
  repository: Repository & { workTree: string }
  objects: ObjectReader
  /** Contains the work tree and all other temporary files. */
  base: string
  /** Why the code may not be what it was, in words. */
  doubts: string[]
  close(keep?: boolean): void
}

/** Throws `git` when the commit cannot be checked out, `unknown-revision` when it is not here. */
export async function openPlace(context: Context, subject: Subject): Promise<Workspace> {
  const repository = context.repository()
  await requireCode(repository, subject)
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'git-prov-replay-')))
  const folder = join(base, basename(repository.workTree ?? repository.commonDir).replace(/\.git$/, '') || 'tree')
  const note = join(replaysDir(localDir(repository)), `${basename(base)}.json`)
  const close = (keep = false) => {
    if (keep) return
    removeWorktree(repository, folder)
    rmSync(base, { recursive: true, force: true })
    rmSync(note, { force: true })
  }
  try {
    replaceFile(note, JSON.stringify({ base, folder, holder: holderOf(process.pid) }))
    mkdirSync(join(base, 'cache'))
    const { commit, snapshotTree } = subject
    const added = addWorktree(repository, { folder, commit, tree: snapshotTree, env: context.env })
    const objects = new ObjectReader(added)
    return {
      repository: { ...added, workTree: added.workTree ?? folder },
      objects,
      base,
      doubts: doubtsOf(subject, added),
      close: (keep) => {
        objects.close()
        close(keep)
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

async function requireCode(repository: Repository, { commit, snapshotTree, id }: Subject): Promise<void> {
  const objects = new ObjectReader(repository)
  try {
    const [code, tree] = await objects.readAll([`${commit}^{tree}`, snapshotTree ?? `${commit}^{tree}`])
    const hint = `git fetch; or on the machine it ran on: git prov bundle ${id.slice(0, 6)}`
    if (!code) throw new ProvError('unknown-revision', `commit ${commit.slice(0, 10)} of the run is not here`, { hint })
    if (!tree) throw new ProvError('unknown-revision', `the snapshot of uncommitted work is not here`, { hint })
  } finally {
    objects.close()
  }
}

function doubtsOf({ record }: Subject, { workTree }: Repository): string[] {
  const { snapshot } = record
  const doubts: string[] = []
  if (snapshot && 'missing' in snapshot) doubts.push(`uncommitted work was not kept: ${snapshot.missing}`)
  if (snapshot && 'commit' in snapshot) {
    for (const { path, reason = 'was too large to keep' } of snapshot.omitted ?? [])
      doubts.push(`uncommitted ${path} ${reason}${reason.startsWith('was') ? '' : ' and was not kept'}`)
    doubts.push(...(snapshot.lossy ?? []))
  }
  for (const path of submodules(workTree)) doubts.push(`submodule ${path} is not checked out`)
  return doubts
}

function submodules(workTree: string | undefined): string[] {
  try {
    const text = readFileSync(join(workTree ?? '', '.gitmodules'), 'utf8')
    return [...text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map((match) => match[1] as string)
  } catch {
    return []
  }
}

const replaysDir = (local: LocalDir) => join(local.path, 'replays')

/** Temporary work trees of killed replays: their names, and how to remove them. */
export function abandonedPlaces(repository: Repository): { base: string; remove(): void }[] {
  const folder = replaysDir(localDir(repository))
  return names(folder).flatMap((name) => {
    const note = readNote(join(folder, name))
    if (note && !isGone(note.holder)) return []
    const remove = () => {
      if (note) {
        removeWorktree(repository, note.folder)
        rmSync(note.base, { recursive: true, force: true })
      }
      rmSync(join(folder, name), { force: true })
    }
    return [{ base: note?.base ?? join(folder, name), remove }]
  })
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

interface Note {
  base: string
  folder: string
  holder: LockHolder
}

/** Only folders of the form we create are ever removed. */
function readNote(path: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as Note
    const ours = /\/git-prov-replay-\w{6}$/.test(note.base) && note.folder.startsWith(`${note.base}/`)
    return ours ? note : undefined
  } catch {
    return undefined
  }
}
