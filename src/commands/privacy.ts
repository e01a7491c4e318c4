import { loadConfig } from '../collect/config-file.ts'
import type { Context } from '../context.ts'
import type { Redactor } from '../core/redact.ts'
import type { Restriction } from '../core/restrict/restriction.ts'
import { localDir } from '../ledger/local-dir.ts'
import { redactorOf } from './redactor.ts'
import { restrictionOf } from './restriction.ts'

/** What prov.yaml says of what may be written: taken out, or encrypted. Throws `config` when it cannot be read. */
export async function privacyOf(
  context: Context,
): Promise<{ redactor: Redactor; restriction: Restriction | undefined }> {
  const repository = context.repository()
  const config = await loadConfig(repository, localDir(repository).cache)
  return { redactor: redactorOf(context, config.policy?.privacy), restriction: restrictionOf(context, config) }
}
