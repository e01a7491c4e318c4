import { ProvError } from '../base/errors.ts'
import { stringifyLine } from '../base/json.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'
import { isClean, renderAudit } from '../trust/audit-text.ts'
import { reviewLedger } from '../trust/review-ledger.ts'

/** `git prov review-policy`: a privacy and security review of the ledger, kept as a record. Exit status 1 when something was found. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0)
    throw new ProvError('usage', 'review-policy takes no arguments', { hint: 'git prov help review-policy' })
  requireBranch(context.repository())
  const objects = new ObjectReader(context.repository())
  try {
    const stored = await reviewLedger(context, objects, { dryRun: flags['dry-run'] === true })
    const text = flags.json ? stringifyLine({ id: stored.id, ...stored.record }) : renderAudit(stored)
    context.stdout.write(`${text}\n`)
    return isClean(stored.record) ? 0 : 1
  } finally {
    objects.close()
  }
}
