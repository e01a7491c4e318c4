import type { PolicyPart } from '../core/config.ts'
import { rolesOf } from '../core/decision/roles.ts'
import { ProvError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import type { Asker } from './ask.ts'

/** The role that decisions of this clone are written in: the flag, or on a terminal one answer. Throws `usage`. */
export async function chooseRole(
  asker: Asker,
  flag: unknown,
  policy: PolicyPart | undefined,
): Promise<string | undefined> {
  const names = [...rolesOf(policy).keys()]
  const said =
    flag === undefined
      ? await asker.word(`your role, for the template of your decisions (${names.join(', ')}; empty for none)`)
      : String(flag)
  if (said === '' || names.includes(said)) return said || undefined
  const guess = nearest(said, names)
  if (flag === undefined) return guess
  throw new ProvError('usage', `there is no role '${said}'`, {
    hint: guess ? `did you mean '${guess}'?` : `there are: ${names.join(', ')}`,
  })
}
