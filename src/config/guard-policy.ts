import type { PolicyPart } from '../generated/types.ts'

/** What the server-side guard enforces besides the rules of the branch itself: `policy.guard` in prov.yaml. */
export interface GuardPolicy {
  /** required: every pushed commit has a good signature, or a later commit in the same push vouches for it. */
  signatures: 'required' | 'optional'
  /** own: a record's agent must be whoever signed or pushed it. any: the agent is taken at its word. */
  agents: 'own' | 'any'
  /** Record kind to the e-mail addresses that may write it; anyone may write a kind that is not listed. */
  writers: Readonly<Record<string, readonly string[]>>
  /** required: the push itself is signed (git push --signed). */
  signedPush: 'required' | 'optional'
  /** Path of an allowed-signers file on the default branch. */
  signers: string | undefined
  /** Server account to e-mail address. */
  accounts: Readonly<Record<string, string>>
}

/** The guard's part of a policy with defaults: whatever is not configured is not required. */
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
