import { ProvError } from '../../base/errors.ts'
import { importCommits, type NewCommit } from '../../git/objects/fast-import.ts'
import { signCommit } from '../../git/objects/sign-commit.ts'
import type { Repository } from '../../git/repository.ts'
import type { StartedGit } from '../../git/run.ts'
import type { Settings } from '../local/settings.ts'

/** How a commit on the branch is made. */
export interface CommitWay {
  settings: Settings
  /** Sign whatever the settings say, or fail. */
  mustSign?: boolean
  /** A `git fast-import` started ahead. */
  started?: StartedGit
  /** Whether the user may be asked for a passphrase. */
  ask?: boolean
  /** Told when the user's settings sign and it could not be done: the commit is made all the same. */
  onUnsigned?: (reason: string) => void
}

/**
 * Makes a commit on the branch, signed as the user's own commits are, and commits beside it (of notes), which are an
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
