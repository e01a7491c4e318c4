import { existsSync, readdirSync } from 'node:fs'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { Problem } from '../problem.ts'

/** Records that did not match their schemas: a bug of ours, which a person has to report. */
export function asideProblems(repository: Repository): Problem[] {
  const { aside } = localDir(repository)
  const names = existsSync(aside) ? readdirSync(aside).filter((name) => name.endsWith('.json')) : []
  return names.map((name) => ({
    code: 'aside',
    severity: 'warning',
    where: `prov/aside/${name}`,
    message: 'is a record that does not match its schema, a bug in git-prov; it is not on the branch',
    hint: 'report it with the reason in its first line, then delete it',
  }))
}
