import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { parseIdent } from '../git/ident.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { append } from '../ledger/append/fold.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { collectingRedactor, redactDeep } from '../privacy/redact-values.ts'
import { buildRecord, type ProvRecord, type StoredRecord } from '../records/record.ts'
import { privacyOf } from './privacy.ts'
import { tellFound } from './tell-found.ts'

/** What a person puts on record by a command, about a commit. */
export interface Saying<R extends ProvRecord> {
  kind: R['kind']
  /** Full name of the commit, or HEAD. */
  commit: string
  /** The kind's own fields; secrets in them are replaced. */
  fields: Omit<R, 'kind' | 'version' | 'time' | 'agent' | 'tool' | 'about' | 'links'>
  links?: R['links']
}

/** Appends a record that a person makes. Throws `not-initialised`, and `usage` before the first commit. */
export async function say<R extends ProvRecord>(
  context: Context,
  objects: ObjectReader,
  { kind, commit, fields, links = [] }: Saying<R>,
): Promise<StoredRecord<R>> {
  const repository = context.repository()
  await requireBranchIn(repository, objects)
  const object = await objects.read(commit)
  if (object?.type !== 'commit') throw new ProvError('usage', 'there is no commit yet', { hint: 'git commit first' })
  const { oid, tree, parents } = parseCommit(object)
  const redactor = collectingRedactor((await privacyOf(context)).redactor)
  const ident = committerIdent(repository)
  const { name, email } = parseIdent(ident)
  const record = buildRecord<R>(
    {
      kind,
      agent: { name: name.slice(0, 512), email: email.slice(0, 512) },
      about: { commit: oid, tree, parents },
      links,
      ...redactDeep(redactor, fields, kind).value,
    } as unknown as Parameters<typeof buildRecord<R>>[0],
    context.now(),
  )
  tellFound(context, localDir(repository), redactor.found)
  await append(repository, [{ record }], { ident, objects, deadline: Date.now() + 10_000 })
  return record
}
