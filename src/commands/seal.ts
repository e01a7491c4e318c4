import type { Context } from '../context.ts'
import { plural } from '../core/dataset.ts'
import { ProvError } from '../core/errors.ts'
import { stringifyLine } from '../core/json.ts'
import { committerIdent, parseIdent } from '../git/ident.ts'
import { ObjectReader } from '../git/objects.ts'
import { appendSigned } from '../ledger/fold.ts'
import { requireBranchIn } from '../ledger/read.ts'
import { buildSeal } from '../ledger/seal.ts'
import { readSettings } from '../ledger/settings.ts'
import { catchUp } from './catch-up.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'

/** `git prov seal`: one signature that vouches for everything recorded before it. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags, words } = parseWords(commandNamed('seal'), argv)
  if (words.length > 0) throw new ProvError('usage', 'seal takes no words', { hint: 'git prov help seal' })
  const sealed = await seal(context, { reason: flags.message as string | undefined, ask: context.stdin.isTTY === true })
  const { id, record } = sealed
  context.stdout.write(
    flags.json
      ? `${stringifyLine({ id, ...record })}\n`
      : `prov: sealed ${plural(record.files, 'file')} at ${record.tip.slice(0, 10)} (seal ${id.slice(0, 6)}); git prov verify --signatures\n`,
  )
  return 0
}

/** Appends a seal, signed. Throws `signature` when it cannot be: then nothing was appended. */
export async function seal(context: Context, { reason, ask }: { reason?: string | undefined; ask: boolean }) {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    await requireBranchIn(repository, objects)
    await catchUp(context, objects)
    const tip = await objects.read(readSettings(repository).branchRef)
    const ident = committerIdent(repository)
    const { name, email } = parseIdent(ident)
    const stored = buildSeal(repository, tip?.oid ?? '', { name, email }, context.now(), reason)
    await appendSigned(repository, [{ record: stored }], { ident, objects, deadline: Date.now() + 30_000, ask })
    return stored
  } finally {
    objects.close()
  }
}
