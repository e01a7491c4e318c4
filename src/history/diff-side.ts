import { digestOf } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { isMissing } from '../base/missing.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { findNamed } from '../ledger/read/find-record.ts'
import { type ManifestEntry, parseManifest } from '../records/branch/manifest.ts'
import { manifestPath } from '../records/layout.ts'
import type { Capture, Run } from '../records/record.ts'
import { type Compared, comparedRun, type Side } from './capture-diff.ts'

/** A capture or run, the parts that are compared, and its code. */
export interface NamedSide extends Side {
  /** A commit, or the tree of a snapshot. */
  code: string | undefined
  /** Id of the run, if it is one. */
  run?: string
}

/**
 * Reads a commit with its capture, or a run, by a word. Throws `unknown-revision`, and `usage` for any other record.
 */
export async function readSide(repository: Repository, objects: ObjectReader, word: string): Promise<NamedSide> {
  const { stored, run } = await findNamed(repository, objects, word)
  const { record } = stored
  if (record.kind !== 'capture' && record.kind !== 'run')
    throw new ProvError('usage', `${word} is a ${record.kind}, not a capture or run`, { hint: 'git prov show' })
  const { branchRef } = readSettings(repository)
  const environment =
    'digest' in record.environment ? await readEnvironment(objects, branchRef, record.environment.digest) : undefined
  const compared: Compared = record.kind === 'run' ? comparedRun(record) : record
  const manifests: Record<string, ManifestEntry[]> = {}
  for (const { digest, manifest } of [...Object.values(compared.datasets), ...Object.values(compared.outputs ?? {})]) {
    const entries = digest && manifest ? await readManifest(objects, branchRef, digest) : undefined
    if (digest && entries) manifests[digest] = entries
  }
  return { record: compared, environment, manifests, code: codeOf(record), ...(run && { run: run.id }) }
}

function codeOf(record: Capture | Run): string | undefined {
  const snapshot = record.kind === 'run' ? record.snapshot : undefined
  return snapshot && !isMissing(snapshot) ? snapshot.tree : record.about?.commit
}

async function readManifest(
  objects: ObjectReader,
  branchRef: string,
  digest: string,
): Promise<ManifestEntry[] | undefined> {
  const blob = await objects.read(`${branchRef}:${manifestPath(digest)}`)
  return blob?.type === 'blob' && digestOf(blob.body) === digest ? parseManifest(blob.body) : undefined
}
