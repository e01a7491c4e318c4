import { ProvError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { authorOf } from '../../git/ident.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { noRole, type Role, rolesOf } from '../model/roles.ts'

/** The requested role, else git config prov.role, else the role the policy gives this person. */
export async function chooseRole(context: Context, requested: unknown): Promise<Role> {
  const repository = context.repository()
  const roles = rolesOf((await loadConfig(repository, localDir(repository).cache)).policy)
  const name = requested === undefined ? readSettings(repository).role : String(requested)
  const role = name === undefined ? roleOfPerson(roles, authorOf(repository, context.env)) : roles.get(name)
  if (role) return role
  const guess = nearest(name ?? '', [...roles.keys()])
  throw new ProvError('usage', `there is no role '${name}'`, {
    hint: guess ? `did you mean '${guess}'?` : `one of: ${[...roles.keys()].join(', ')}`,
  })
}

function roleOfPerson(roles: ReadonlyMap<string, Role>, person: string | undefined): Role {
  const mail = person?.match(/<(.*)>/)?.[1]
  const theirs = [...roles.values()].filter(({ people }) => mail !== undefined && people.includes(mail))
  return theirs.length === 1 ? (theirs[0] as Role) : noRole
}
