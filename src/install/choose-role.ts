import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { PolicyPart } from '../config/config.ts'
import { rolesOf } from '../decisions/model/roles.ts'
import type { Asker } from '../terminal/ask.ts'

/** The role for decisions in this clone: the flag, or on a terminal one question. Throws `usage`. */
export async function chooseRole(
  asker: Asker,
  flag: string | undefined,
  policy: PolicyPart | undefined,
): Promise<string | undefined> {
  const names = [...rolesOf(policy).keys()]
  const said =
    flag === undefined
      ? await asker.text(`your role, for the template of your decisions (${names.join(', ')}; empty for none):`)
      : flag
  if (said === '' || names.includes(said)) return said || undefined
  const guess = nearest(said, names)
  if (flag === undefined) return guess
  throw new ProvError('usage', `there is no role '${said}'`, {
    hint: guess ? `did you mean '${guess}'?` : `one of: ${names.join(', ')}`,
  })
}
