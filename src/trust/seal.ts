import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { readSeenTip } from '../ledger/local/seen-tips.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { sealOf } from '../ledger/proof/seal.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { record } from '../recording/record.ts'
import type { Seal } from '../records/record.ts'

/** Appends a signed seal. Throws `signature` when it cannot be signed; then nothing is appended. */
export async function seal(context: Context, { reason, ask }: { reason?: string | undefined; ask: boolean }) {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    await requireBranchIn(repository, objects)
    await catchUp(context, objects)
    const tip = (await objects.read(readSettings(repository).branchRef))?.oid ?? ''
    const fields = { tip, ...sealOf(repository, tip), ...(reason && { reason }) }
    const how = { mustSign: true, ask, patience: 30_000 }
    return (await record<Seal>(context, objects, { kind: 'seal', fields }, how)).stored
  } finally {
    objects.close()
  }
}

/**
 * The seal for `prov.seal = push`, over what a remote does not have yet. A locked or missing key is reported and does not
 * block sharing; what is already sealed or sent is not sealed again.
 */
export async function sealBeforePush(context: Context, objects: ObjectReader, urls: readonly string[]): Promise<void> {
  const repository = context.repository()
  const tip = await objects.read(readSettings(repository).branchRef)
  if (!tip || parseCommit(tip).message.startsWith('seal ')) return
  if (urls.every((url) => readSeenTip(repository, url) === tip.oid)) return
  try {
    await seal(context, { ask: false })
  } catch (error) {
    const cause =
      error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n').at(-1)})` : ''
    context.stderr.write(`${escapeLine(`prov: not sealed: ${messageOf(error)}${cause}; git prov seal`)}\n`)
  }
}
