import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { isAmong } from '../../config/retention.ts'
import type { PolicyPart } from '../../generated/types.ts'
import { holdsOneOf } from '../../git/history/rewrite-history.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { classifyPath } from '../../records/layout.ts'
import { parseRecord, type Redaction, type StoredRecord } from '../../records/record.ts'
import { readSettings } from '../local/settings.ts'
import { listFiles } from '../read/read.ts'
import { readBlobs } from '../read/read-blobs.ts'

/** How two tips come together: as parents of one commit, or the files of one onto the other, whose history was rewritten. */
export type Meeting = { way: 'join' } | { way: 'onto-ours' } | { way: 'onto-theirs'; by: StoredRecord<Redaction> }

/** Whether a tip's history holds what a redaction on our branch took out. */
export async function holdsRedacted(repository: Repository, objects: ObjectReader, tip: string): Promise<boolean> {
  const redactions = await readRedactions(repository, objects, readSettings(repository).branchRef)
  return redactions.some(({ record }) => holdsOneOf(repository, tip, record.rewriting?.introducedBy ?? []))
}

/** The redaction records of a commit of the branch. One that does not prove is not believed. */
export async function readRedactions(
  repository: Repository,
  objects: ObjectReader,
  commit: string,
): Promise<StoredRecord<Redaction>[]> {
  const found: StoredRecord<Redaction>[] = []
  if (!(await objects.read(`${commit}:records/redaction`))) return found
  for await (const { path, body } of readBlobs(objects, listFiles(repository, commit, ['records/redaction/']))) {
    const file = classifyPath(path)
    try {
      const stored = file?.kind === 'record' && body ? parseRecord(body, file.id) : undefined
      if (stored?.record.kind === 'redaction') found.push(stored as StoredRecord<Redaction>)
    } catch {
      // verify tells of it
    }
  }
  return found
}

/**
 * A history that holds what a redaction took out must not come back by a join. Where theirs is the clean one, ours
 * gives way to it if whoever redacted may: by policy.retention.redactors of HEAD's prov.yaml, or because somebody here
 * accepted that redaction. Throws `redaction` otherwise.
 */
export async function meetRewriting(
  repository: Repository,
  objects: ObjectReader,
  ours: string,
  theirs: string,
): Promise<Meeting> {
  const known = new Map<string, StoredRecord<Redaction>>()
  for (const tip of [ours, theirs])
    for (const stored of await readRedactions(repository, objects, tip)) known.set(stored.id, stored)
  const holding = (tip: string) =>
    [...known.values()].filter(({ record }) => holdsOneOf(repository, tip, record.rewriting?.introducedBy ?? []))
  if (known.size === 0) return { way: 'join' }
  const [mine, others] = [holding(ours), holding(theirs)]
  if (others.length > 0) return { way: mine.length > 0 ? 'join' : 'onto-ours' }
  const [by] = mine
  if (!by) return { way: 'join' }
  for (const stored of mine) await requireMayRewrite(repository, objects, stored)
  return { way: 'onto-theirs', by }
}

async function requireMayRewrite(
  repository: Repository,
  objects: ObjectReader,
  { id, record }: StoredRecord<Redaction>,
): Promise<void> {
  if (readSettings(repository).acceptedRedactions?.some((accepted) => id.startsWith(accepted))) return
  const policy = await policyOfHead(objects)
  const who = policy?.retention?.redactors ?? []
  if (isAmong(who, record.agent.email, policy?.roles)) return
  const why =
    who.length > 0 ? 'who is not among policy.retention.redactors' : 'and no policy.retention.redactors says who may'
  throw new ProvError(
    'redaction',
    escapeLine(`provenance was rewritten by redaction ${id.slice(0, 12)} of ${record.agent.email}, ${why}`),
    { hint: `to accept it anyway: git prov redact --accept ${id.slice(0, 12)}` },
  )
}

async function policyOfHead(objects: ObjectReader): Promise<PolicyPart | undefined> {
  const blob = await objects.read('HEAD:prov.yaml')
  if (blob?.type !== 'blob') return undefined
  try {
    return (await parseConfig(blob.body.toString('utf8'))).policy
  } catch {
    return undefined
  }
}
