import { ProvError } from '../../base/errors.ts'
import { importCommits, type NewCommit } from '../../git/objects/fast-import.ts'
import { signCommit } from '../../git/objects/sign-commit.ts'
import type { Repository } from '../../git/repository.ts'
import type { StartedGit } from '../../git/run.ts'
import type { Settings } from '../local/settings.ts'

/** How to create a commit on the branch. */
export interface CommitWay {
  settings: Settings
  /** Sign regardless of the settings, or fail. */
  mustSign?: boolean
  /** A `git fast-import` started ahead. */
  started?: StartedGit
  /** Whether the user may be asked for a passphrase. */
  ask?: boolean
  /** Called when the settings ask for a signature that could not be made; the commit is created all the same. */
  onUnsigned?: (reason: string) => void
}

/**
 * Creates a commit on the branch, signed like the user's own commits, and further commits of notes, which are only an
 * index and never signed. Returns their names; no ref moves.
 */
export async function makeBranchCommits(
  repository: Repository,
  branch: NewCommit,
  extra: readonly NewCommit[],
  { settings, mustSign = false, started, ask = false, onUnsigned }: CommitWay,
): Promise<string[]> {
  const names = await importCommits(repository, [branch, ...extra], started)
  if (!settings.sign && !mustSign) return names
  const signed = signCommit(repository, names[0] as string, branch, ask)
  if ('reason' in signed && mustSign)
    throw new ProvError('signature', 'the commit on the branch could not be signed', {
      cause: signed.reason,
      hint: 'git config user.signingkey <key>; with an SSH key also git config gpg.format ssh',
    })
  if ('reason' in signed) onUnsigned?.(signed.reason)
  return 'commit' in signed ? [signed.commit, ...names.slice(1)] : names
}
