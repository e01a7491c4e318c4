import { messageOf } from '../base/errors.ts'
import type { WorkTreeStatus } from '../git/work-tree/status.ts'
import { CommitTree } from './datasets/commit-tree.ts'
import { doubtful, gone } from './datasets/compose.ts'
import type { Fingerprint, FingerprintInput } from './datasets/fingerprint.ts'
import { fromCommit } from './datasets/from-commit.ts'
import { fromDisk } from './datasets/from-disk.ts'
import { fromDvc } from './datasets/from-dvc.ts'
import { type Look, lookUp } from './datasets/look.ts'
import { statusOf } from './datasets/prefetched-status.ts'

export type { Fingerprint, FingerprintInput } from './datasets/fingerprint.ts'
export { beginStatus } from './datasets/prefetched-status.ts'

/**
 * Fingerprints datasets as a commit holds them, or as they lie on disk when it holds nothing of them. What is in the
 * data never makes it throw: it is named in the result.
 */
export async function fingerprintDatasets(input: FingerprintInput): Promise<Record<string, Fingerprint>> {
  const tree = new CommitTree(input.objects, input.commit.oid)
  const looks = await Promise.all(input.datasets.map((declaration) => lookUp(tree, declaration, input)))
  const tracked = looks.filter(({ entry }) => entry)
  const status = tracked.length > 0 ? workTreeStatus(input, tracked) : undefined
  const found: Record<string, Fingerprint> = {}
  for (const look of looks) {
    try {
      found[look.declaration.name] = await fingerprintOne(input, tree, look, status)
    } catch (error) {
      found[look.declaration.name] = gone(look, `cannot be fingerprinted: ${messageOf(error)}`)
    }
  }
  return found
}

/** The same as they lie on disk now, whatever the commit holds of them: what a command that reads them will see. */
export async function fingerprintOnDisk(input: FingerprintInput): Promise<Record<string, Fingerprint>> {
  const tree = new CommitTree(input.objects, input.commit.oid)
  const found: Record<string, Fingerprint> = {}
  for (const declaration of input.datasets) {
    const look = await lookUp(tree, declaration, input)
    try {
      found[declaration.name] = (await fromDvc(input, tree, look)) ?? (await fromDisk(input, look))
    } catch (error) {
      found[declaration.name] = gone(look, `cannot be fingerprinted: ${messageOf(error)}`)
    }
  }
  return found
}

/** One process for all, started before anything is read. The work tree is HEAD's: of another commit it only says what is ignored. */
async function workTreeStatus(input: FingerprintInput, looks: readonly Look[]): Promise<WorkTreeStatus | undefined> {
  const { repository, objects, commit, late, cacheDir } = input
  if (late || !repository.workTree) return undefined
  const paths = looks.map(({ base }) => base)
  const [status, head] = await Promise.all([
    statusOf(repository, cacheDir, paths, input.status),
    objects.read('HEAD').catch(() => undefined),
  ])
  return head?.oid === commit.oid ? status : { ...status, changes: [] }
}

async function fingerprintOne(
  input: FingerprintInput,
  tree: CommitTree,
  look: Look,
  status: Promise<WorkTreeStatus | undefined> | undefined,
): Promise<Fingerprint> {
  const print = look.entry && (await fromCommit(input, tree, look, status))
  const failed = print && (await status)?.failed
  if (print) return failed ? doubtful(look, print, failed) : print
  return (await fromDvc(input, tree, look)) ?? (await fromDisk(input, look))
}
