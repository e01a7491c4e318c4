import { ProvError } from '../core/errors.ts'
import { classifyPath } from '../core/layout.ts'
import { importCommits } from '../git/fast-import.ts'
import { committerIdent } from '../git/ident.ts'
import { ObjectReader } from '../git/objects.ts'
import { listRefs, moveRefs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { git, tryGit } from '../git/run.ts'
import { isOurs } from './init.ts'
import { readSettings } from './settings.ts'

/** What joining a remote's branch brought. */
export interface Joined {
  ref: string
  /** Records that were not here. */
  records: number
}

/** The provenance branches that fetching has brought, as remote-tracking refs. */
export function remoteBranches(repository: Repository): Map<string, string> {
  const { branchRef } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const refs = listRefs(repository, ['refs/remotes/'])
  return new Map([...refs].filter(([ref]) => ref.split('/').slice(3).join('/') === name))
}

/**
 * Makes the local branch the union of itself and each remote-tracking one. Files are named by their content, so there
 * is nothing to conflict: only README and schemas can differ, and there ours stay. Throws `not-ours`.
 */
export async function joinRemotes(repository: Repository): Promise<Joined[]> {
  const { branchRef } = readSettings(repository)
  const joined: Joined[] = []
  for (const [ref, tip] of remoteBranches(repository)) {
    const local = tipOf(repository, branchRef)
    if (local === tip || (local && contains(repository, tip, local))) continue
    if (!(await isOurs(repository, tip)))
      throw new ProvError('not-ours', `${ref} is not a branch git-prov made`, {
        hint: 'git config prov.branch <another name>, then git prov init',
      })
    joined.push({ ref, records: await joinOne(repository, branchRef, local, tip) })
  }
  return joined
}

async function joinOne(
  repository: Repository,
  branchRef: string,
  local: string | undefined,
  tip: string,
): Promise<number> {
  const added = local ? addedBetween(repository, local, tip) : listFiles(repository, tip)
  const forward = !local || contains(repository, local, tip)
  const to = forward ? tip : await merge(repository, local, tip, added)
  if (!(await moveRefs(repository, [{ ref: branchRef, to, from: local }]))) {
    throw new ProvError('contention', 'the provenance branch moved meanwhile', { hint: 'git prov init' })
  }
  return added.filter(({ path }) => classifyPath(path)?.kind === 'record').length
}

interface Added {
  path: string
  oid: string
}

async function merge(repository: Repository, local: string, tip: string, added: readonly Added[]): Promise<string> {
  const objects = new ObjectReader(repository)
  try {
    const files = new Map<string, Uint8Array>()
    for (const { path, oid } of added) {
      const blob = await objects.read(oid)
      if (blob && classifyPath(path)) files.set(path, blob.body)
    }
    const ident = committerIdent(repository)
    const [commit] = await importCommits(repository, [{ ident, message: 'join\n', parents: [local, tip], files }])
    return commit as string
  } finally {
    objects.close()
  }
}

/** What a tree has that another has not. Changed paths are no addition: they stay as they are in `from`. */
function addedBetween(repository: Repository, from: string, to: string): Added[] {
  const text = git(repository, ['diff-tree', '-r', '-z', '--no-renames', '--diff-filter=A', from, to]).toString(
    'latin1',
  )
  const parts = text.split('\0')
  const added: Added[] = []
  for (let i = 0; i + 1 < parts.length; i += 2)
    added.push({ oid: parts[i]?.split(' ')[3] as string, path: parts[i + 1] as string })
  return added
}

function listFiles(repository: Repository, tip: string): Added[] {
  const text = git(repository, ['ls-tree', '-r', '-z', '--full-tree', tip]).toString('latin1')
  return text
    .split('\0')
    .filter(Boolean)
    .map((line) => ({ oid: line.split(/[ \t]/)[2] as string, path: line.slice(line.indexOf('\t') + 1) }))
}

function contains(repository: Repository, ancestor: string, descendant: string): boolean {
  return tryGit(repository, ['merge-base', '--is-ancestor', ancestor, descendant]).status === 0
}

function tipOf(repository: Repository, ref: string): string | undefined {
  return tryGit(repository, ['rev-parse', '--verify', '--quiet', ref]).stdout.toString('utf8').trim() || undefined
}
