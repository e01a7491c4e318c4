import type { PolicyPart } from '../generated/types.ts'

/** What the guard of a server holds, beside the rules of the branch itself. From `policy.guard` of prov.yaml. */
export interface GuardPolicy {
  /** required: every commit that is pushed has a good signature, or a later one that is pushed with it vouches for it. */
  signatures: 'required' | 'optional'
  /** own: a record's agent is who signed it, or who pushed it. any: an agent is believed. */
  agents: 'own' | 'any'
  /** Kind of record to the e-mail addresses that may write it; a kind that is not named may be written by all. */
  writers: Readonly<Record<string, readonly string[]>>
  /** required: the push itself is signed (git push --signed). */
  signedPush: 'required' | 'optional'
  /** Path of an allowed-signers file on the default branch. */
  signers: string | undefined
  /** Account on the server to e-mail address. */
  accounts: Readonly<Record<string, string>>
}

/** The guard's part of a policy, complete: what is not said is not asked for. */
export function guardPolicy(policy: PolicyPart | undefined): GuardPolicy {
  const { guard, roles = {} } = policy ?? {}
  const people = (role: string) => roles[role]?.people ?? []
  const writers = Object.entries(guard?.writers ?? {}).map(([kind, names]) => [kind, names.flatMap(people)] as const)
  return {
    signatures: guard?.signatures ?? 'optional',
    agents: guard?.agents ?? 'any',
    signedPush: guard?.['signed-push'] ?? 'optional',
    signers: guard?.signers,
    writers: Object.fromEntries(writers),
    accounts: guard?.accounts ?? {},
  }
}
