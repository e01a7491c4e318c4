import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { remoteBranches } from '../ledger/read/sources.ts'

/** Hints on stderr how to connect an unconnected clone: without the notes, the output would be misleading. */
export async function hintConnection(context: Context, objects: ObjectReader): Promise<void> {
  const repository = context.repository()
  const { branchRef, notesRef } = readSettings(repository)
  const [branch, notes, records] = await objects.readAll([branchRef, notesRef, `${branchRef}:records`])
  if (branch && (notes || !records)) return
  const elsewhere = branch ? [] : [...remoteBranches(repository).keys()].map((ref) => ref.slice('refs/remotes/'.length))
  const why = branch
    ? 'the records are here, their notes are not'
    : elsewhere.length > 0
      ? `the records are on ${elsewhere.join(', ')}, not joined here yet`
      : 'this clone has no records, or has not fetched them'
  context.stderr.write(`prov: ${why}; to see them: git prov init\n`)
}
