import { git, type Place } from '../run.ts'

/** What git reports about a commit's signature (git-log(1), %G?). */
export interface CommitSignature {
  commit: string
  /** good: by a trusted key. untrusted: valid, but by a key nobody vouched for. */
  state: 'good' | 'untrusted' | 'bad' | 'expired' | 'unknown' | 'none'
  /** The principal (SSH) or user id (GPG); empty when not known. */
  signer: string
  /** Fingerprint of the key. */
  key: string
}

// G good, U good with unknown validity, X and Y expired, R revoked, E cannot be checked, B bad, N none. SSH without a
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
 * The signatures of commits (arguments of git-rev-list(1)), newest first. Each signed one costs an ssh-keygen or gpg
 * process. `allowedSigners`: a file as described in ssh-keygen(1); by default git's own setting is used.
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

/** A signer's address: the principal of an allowed-signers line, or the address in a GPG user id. */
export function signerAddress(signer: string): string {
  return (signer.match(/<([^<>]+)>\s*$/)?.[1] ?? signer).trim().toLowerCase()
}
