import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { findNamed, type Named } from '../ledger/read/find-record.ts'
import type { Environment } from '../records/environment.ts'
import type { StoredRecord } from '../records/record.ts'
import { environmentOf } from './environment-of.ts'

/** A record as `git prov show` shows it, with the environment it names. */
export interface Shown {
  named: Named
  environment: Environment | undefined
}

/** Reads what a word names, decrypted as far as a key opens it. Throws `unknown-revision`, `ambiguous`, `record`. */
export async function readShown(
  context: Context,
  objects: ObjectReader,
  word: string,
  identity: string | undefined,
): Promise<Shown> {
  const repository = context.repository()
  const named = await openNamed(context, await findNamed(repository, objects, word), identity)
  await requireEnvelope(named.stored)
  const environment = await environmentOf(named.stored.record, objects, readSettings(repository).branchRef)
  return { named, environment }
}

/** Of a kind only a newer version knows, nothing can be checked but what every record has. Throws `record`. */
async function requireEnvelope({ record, id }: StoredRecord): Promise<void> {
  const { showOf } = await import('../records/show.ts')
  if (showOf(record)) return
  const { validateEnvelope } = await import('../records/validate.ts')
  const [problem] = await validateEnvelope(record)
  if (problem)
    throw new ProvError('record', `record ${id.slice(0, 12)} is not valid: ${problem.pointer} ${problem.message}`, {
      hint: 'git prov verify',
    })
}

/** Decrypts restricted parts where there is a key; what decrypts is loaded only then. */
async function openNamed(context: Context, named: Named, identity: string | undefined): Promise<Named> {
  const { stored, run } = named
  const all = run ? [run.planned, run.finished, ...run.replays, ...run.remarks] : [stored]
  if (!all.some((one) => one?.text.includes('<restricted:'))) return named
  return await (await import('../recording/privacy/open-named.ts')).openNamed(context, named, identity)
}
