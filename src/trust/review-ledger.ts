import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { configName, loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readRecords } from '../ledger/read/read.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { record, recordUnwritten } from '../recording/record.ts'
import type { Audit, StoredRecord } from '../records/record.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { AuditReview, keysDue } from './audit.ts'

/** Reviews the whole ledger, and keeps the result as a record unless `dryRun`. Throws `config` for a signers file that cannot be read. */
export async function reviewLedger(
  context: Context,
  objects: ObjectReader,
  { dryRun }: { dryRun: boolean },
): Promise<StoredRecord<Audit>> {
  const repository = context.repository()
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
  if (dryRun) return await recordUnwritten<Audit>(context, audit)
  return (await record<Audit>(context, objects, audit, { patience: 30_000 })).stored
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
