import type { Config } from '../../config/config.ts'
import type { Context } from '../../context.ts'
import type { Entry } from '../../ledger/append/spool.ts'
import { readRedactionKey } from '../../ledger/local/redaction-key.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import type { Restriction } from '../../privacy/restrict/restriction.ts'

/** What prov.yaml says must be encrypted; undefined when nothing. */
export function restrictionOf(context: Context, { policy, datasets }: Config): Restriction | undefined {
  const { fields = {}, kinds = {}, recipients = {} } = policy?.restricted ?? {}
  if (Object.keys(fields).length + Object.keys(kinds).length === 0) return undefined
  const repository = context.repository()
  const key = readRedactionKey(repository, readSettings(repository))
  return { fields, kinds, recipients, datasets: new Map(datasets.map(({ name, path }) => [name, path])), key }
}

/** Restricts an entry as the policy says. Throws `usage` when there are no recipients. */
export async function restrictEntry(restriction: Restriction | undefined, entry: Entry): Promise<Entry> {
  if (!restriction) return entry
  return await (await import('./encrypt-entry.ts')).encryptEntry(restriction, entry)
}
