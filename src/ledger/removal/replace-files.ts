import { ProvError } from '../../base/errors.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { makeBranchCommits } from '../append/branch-commit.ts'
import { localDir } from '../local/local-dir.ts'
import { sleep, withLock } from '../local/lock.ts'
import { readSettings } from '../local/settings.ts'

/** What is to be in the next commit of the branch. */
export interface Replacement {
  /** The commit it follows: the tip, or what the tip was rewritten to. */
  parent: string
  message: string
  files: ReadonlyMap<string, Uint8Array>
  /** Paths that go, which a record among `files` names. */
  removed: readonly string[]
}

export interface ReplaceOptions {
  /** Committer: `Name <mail> <seconds> <zone>`. */
  ident: string
  /** ms since the epoch. */
  deadline: number
  onUnsigned?: (reason: string) => void
}

const tries = 20

/**
 * Adds files to the branch and lets others go, in one commit and one move of the ref: whoever is killed on the way has
 * changed nothing. `plan` is asked again when the branch moved meanwhile; undefined from it: nothing to do. Returns the
 * new tip. Throws `locked`, `contention`.
 */
export async function replaceFiles(
  repository: Repository,
  plan: (tip: string, objects: ObjectReader) => Promise<Replacement | undefined>,
  { ident, deadline, onUnsigned }: ReplaceOptions,
): Promise<string | undefined> {
  const settings = readSettings(repository)
  const objects = new ObjectReader(repository)
  const attempt = async (): Promise<{ tip: string | undefined } | undefined> => {
    const tip = (await objects.read(settings.branchRef))?.oid
    const next = tip && (await plan(tip, objects))
    if (!next) return { tip: undefined }
    const commit = { ident, message: next.message, parents: [next.parent], files: next.files, removed: next.removed }
    const way = { settings, ask: true, ...(onUnsigned && { onUnsigned }) }
    const [to] = await makeBranchCommits(repository, commit, [], way)
    return (await moveRefs(repository, [{ ref: settings.branchRef, to, from: tip }])) ? { tip: to } : undefined
  }
  try {
    const done = await withLock(
      localDir(repository),
      deadline,
      () => true,
      async () => {
        for (let round = 0; round < tries; round++) {
          const moved = await attempt()
          if (moved) return moved
          await sleep(Math.random() * 20 * (round + 1))
        }
        throw new ProvError('contention', 'the provenance branch kept moving', { hint: 'run it again in a moment' })
      },
    )
    if (!done) throw new ProvError('locked', 'the ledger is busy', { hint: 'run it again in a moment' })
    return done.tip
  } finally {
    objects.close()
  }
}
