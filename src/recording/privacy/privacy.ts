import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { Redactor } from '../../privacy/redact.ts'
import type { Restriction } from '../../privacy/restrict/restriction.ts'
import { redactorOf } from './redactor.ts'
import { restrictionOf } from './restriction.ts'

/** What prov.yaml says must be redacted or encrypted. Throws `config` when it cannot be read. */
export async function privacyOf(
  context: Context,
): Promise<{ redactor: Redactor; restriction: Restriction | undefined }> {
  const repository = context.repository()
  const config = await loadConfig(repository, localDir(repository).cache)
  return { redactor: redactorOf(context, config.policy?.privacy), restriction: restrictionOf(context, config) }
}
