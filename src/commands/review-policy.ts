import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { configName, loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { record, recordUnwritten } from '../recording/record.ts'
import { auditBody } from '../records/audit/show.ts'
import type { Audit } from '../records/record.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'
import { AuditReview, keysDue } from '../trust/audit.ts'

/** `git prov review-policy`: a privacy and security review of the ledger, kept as a record. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0)
    throw new ProvError('usage', 'review-policy takes no arguments', { hint: 'git prov help review-policy' })
  const repository = context.repository()
  requireBranch(repository)
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const { policy } = await loadConfig(repository, localDir(repository).cache)
    const redactor = redactorOf(context, policy?.privacy)
    const tip = (await objects.read(readSettings(repository).branchRef))?.oid as string
    const audit = {
      kind: 'audit' as const,
      fields: {
        tip,
        ...(await reviewRecords(context, policy, redactor)),
        readers: readersOf(repository, redactor),
        keys: signingKeys(repository, policy, context.now()),
      },
    }
    const stored = flags['dry-run']
      ? await recordUnwritten<Audit>(context, audit)
      : (await record<Audit>(context, objects, audit, { patience: 30_000 })).stored
    context.stdout.write(
      flags.json ? `${stringifyLine({ id: stored.id, ...stored.record })}\n` : say(stored.record, stored.id),
    )
    return isClean(stored.record) ? 0 : 1
  } finally {
    objects.close()
  }
}

async function reviewRecords(context: Context, policy: PolicyPart | undefined, redactor: Redactor) {
  const review = new AuditReview(policy, redactor)
  const progress = countProgress(context, 'reviewing')
  let done = 0
  for await (const outcome of readRecords(context.repository())) {
    if ('stored' in outcome) review.add(outcome.stored)
    done += 1
    if (done % 500 === 0) progress(done)
  }
  progress(-1)
  return review.result()
}

function readersOf(repository: Repository, redactor: Redactor): Audit['readers'] {
  return readSettings(repository).remotes.map((remote) => ({
    remote: redactor.redact(remote, 'remote').text,
    url: redactor.redact(pushAddress(repository, remote), 'url').text,
  }))
}

function signingKeys(repository: Repository, policy: PolicyPart | undefined, now: Date): Audit['keys'] {
  const file = policy?.guard?.signers
  if (file === undefined || !repository.workTree) return []
  try {
    return keysDue(readFileSync(join(repository.workTree, file), 'utf8'), now)
  } catch (error) {
    throw new ProvError('config', `policy.guard.signers of ${configName}: ${messageOf(error)}`, {
      hint: `ls -l ${file}`,
      cause: error,
    })
  }
}

const isClean = ({ secrets, keys, ownerless }: Audit) => secrets.length + keys.length + ownerless.count === 0

function say(record: Audit, id: string): string {
  const lines = auditBody(record).map((line) => `  ${line}`)
  const verdict = isClean(record) ? 'nothing to do' : 'see above'
  return `${lines.join('\n')}\nprov: ${plural(record.records, 'record')} reviewed: ${verdict} (audit ${escapeLine(id.slice(0, 12))})\n`
}
