import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { rebuildNotes } from '../../ledger/notes/rebuild-notes.ts'
import { remoteBranches } from '../../ledger/read/sources.ts'
import { joinRemotes } from '../../ledger/share/join.ts'
import { fixHint, type Problem } from '../problem.ts'

/**
 * A crash between the two refs of an append leaves the branch ahead of the notes; a fetch leaves the local branch
 * behind.
 */
export async function notesProblems(repository: Repository): Promise<Problem[]> {
  const { branchRef, notesRef } = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const [branch, notes] = await objects.readAll([branchRef, notesRef])
    if (!branch) return []
    return [...behind(repository, branchRef), ...(notes ? [] : noNotes(repository, branchRef, notesRef))]
  } finally {
    objects.close()
  }
}

function behind(repository: Repository, branchRef: string): Problem[] {
  const ahead = [...remoteBranches(repository)].filter(
    ([, tip]) => tryGit(repository, ['merge-base', '--is-ancestor', tip, branchRef]).status !== 0,
  )
  if (ahead.length === 0) return []
  const fix = async () => {
    await joinRemotes(repository)
    await rebuildNotes(repository)
  }
  const message = `${ahead.map(([ref]) => ref.slice('refs/remotes/'.length)).join(', ')} has records that are not here`
  return [{ code: 'behind', severity: 'warning', where: branchRef, message, hint: fixHint, fix }]
}

function noNotes(repository: Repository, branchRef: string, notesRef: string): Problem[] {
  if (tryGit(repository, ['ls-tree', '-d', branchRef, 'records']).stdout.length === 0) return []
  const fix = async () => void (await rebuildNotes(repository))
  const message = 'there are records but no notes'
  return [{ code: 'no-notes', severity: 'warning', where: notesRef, message, hint: fixHint, fix }]
}
