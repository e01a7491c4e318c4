import { escapeLine } from '../../base/escape.ts'
import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { rolesOf } from '../../decisions/model/roles.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision roles`: each role and its required fields. */
export async function listRoles({ flags }: ParsedWords, context: Context): Promise<number> {
  const repository = context.repository()
  const roles = [...rolesOf((await loadConfig(repository, localDir(repository).cache)).policy).values()]
  const lines = flags.json
    ? [JSON.stringify(roles, null, 2)]
    : roles.flatMap(({ name, description, must, people }) => [
        `${name}  ${escapeLine(description)}`,
        `  requires  ${must.join(', ') || 'nothing'}`,
        ...(people.length > 0 ? [`  held by  ${escapeLine(people.join(', '))}`] : []),
      ])
  context.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
