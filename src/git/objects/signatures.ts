import { git, type Place } from '../run.ts'

/** What git says of a commit's signature (git-log(1), %G?). */
export interface CommitSignature {
  commit: string
  /** good: by a key that is trusted. untrusted: good, by a key nobody vouched for. none, bad, expired, unknown: as they say. */
  state: 'good' | 'untrusted' | 'bad' | 'expired' | 'unknown' | 'none'
  /** The principal (SSH) or user id (GPG); empty when not known. */
  signer: string
  /** Fingerprint of the key. */
  key: string
}

// G good, U good of unknown validity, X and Y expired, R revoked, E cannot be checked, B bad, N none. SSH without a
// principal in the allowed-signers file is U in git 2.39.
const states = new Map<string, CommitSignature['state']>([
  ['G', 'good'],
  ['U', 'untrusted'],
  ['X', 'expired'],
  ['Y', 'expired'],
  ['R', 'bad'],
  ['B', 'bad'],
  ['E', 'unknown'],
  ['N', 'none'],
])

/**
 * The signatures of commits (words of git-rev-list(1)), newest first. Each signed one costs a process of ssh-keygen or
 * gpg. `allowedSigners` is a file as ssh-keygen(1) describes it; without it, git's own setting is used.
 */
export function readSignatures(place: Place, words: readonly string[], allowedSigners?: string): CommitSignature[] {
  const config = allowedSigners === undefined ? [] : ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`]
  const args = [...config, 'log', '-z', '--format=%H%n%G?%n%GF%n%GS', ...words, '--']
  return git(place, args)
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((text) => {
      const [commit = '', mark = '', key = '', ...signer] = text.split('\n')
      return { commit, state: states.get(mark) ?? 'unknown', key, signer: signer.join(' ') }
    })
}

/** The addresses a signer goes by: a principal of an allowed-signers line, or the address within a GPG user id. */
export function signerAddress(signer: string): string {
  return (signer.match(/<([^<>]+)>\s*$/)?.[1] ?? signer).trim().toLowerCase()
}
