import { type Missing, missing } from '../base/missing.ts'
import type { CleanTexts } from '../collect/clean-texts.ts'
import { type Fingerprint, type FingerprintInput, fingerprintDatasets } from '../collect/datasets.ts'
import { lockFilesOf } from '../collect/environment/locks.ts'
import { collectEnvironment } from '../collect/environment.ts'
import { readCommittedParameters } from '../collect/parameters.ts'
import type { Config } from '../config/config.ts'
import type { Context } from '../context.ts'
import { type Commit, type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { rememberedNote } from '../ledger/local/last-fold.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import type { Settings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import { fitted } from '../recording/fitted.ts'
import { diffManifests, parseManifest } from '../records/branch/manifest.ts'
import type { BuiltEnvironment } from '../records/environment.ts'
import { manifestPath } from '../records/layout.ts'
import { parseNote } from '../records/note.ts'
import { type CaptureNote, latestCapture } from '../records/note-lines/capture-note.ts'
import { buildRecord, type Capture, type Link, type StoredRecord } from '../records/record.ts'
import { redactFingerprint } from './redact-fingerprint.ts'

export interface CaptureRequest {
  context: Context
  repository: Repository
  objects: ObjectReader
  settings: Settings
  config: Config
  trigger: Capture['trigger']
  /** Made some time after the commit: claims only what the commit itself still proves. */
  late: boolean
  /** ms since the epoch; Infinity for no budget. */
  deadline: number
  /** Short name of the branch HEAD is on. */
  branch?: string
  /** Old commits each new one was made from (post-rewrite). */
  rewrittenFrom?: ReadonlyMap<string, readonly string[]>
  /** Nanoseconds; data files changed later than this are listed separately. */
  committedAt?: bigint
  /** From an earlier capture of the same commit that this one finishes; used unchanged. */
  environment?: Capture['environment']
  /** Id of that earlier capture. */
  supersedes?: string
  /** Why prov.yaml could not be read. */
  configuration?: Missing
  status?: FingerprintInput['status']
  redactor: Redactor
  /** Texts in which the redactor found nothing. */
  clean: CleanTexts
  onProgress?: Parameters<typeof fingerprintDatasets>[0]['onProgress']
}

/** A finished capture: the ledger entry, and what the commit line shows. */
export interface Captured {
  stored: StoredRecord<Capture>
  entry: Entry
  environment: BuiltEnvironment | undefined
}

/**
 * Builds the capture of each commit (parents before children). The environment and untracked data are read once;
 * tracked content is taken from each commit.
 */
export async function captureCommits(
  request: CaptureRequest,
  oids: readonly string[] | Promise<readonly string[]>,
): Promise<Captured[]> {
  const environment = request.late || request.environment ? undefined : collectEnvironment(environmentInput(request))
  const captured: Captured[] = []
  const known = new Map<string, CaptureNote>()
  for (const oid of await oids) {
    const object = await request.objects.read(oid)
    if (object?.type !== 'commit') continue
    captured.push(await captureOne(request, parseCommit(object), environment, known, captured))
  }
  return captured
}

function environmentInput({ repository, context, config, deadline, redactor }: CaptureRequest) {
  return {
    root: repository.workTree ?? repository.cwd,
    env: context.env,
    systemRoot: '/',
    variables: config.environment.variables,
    redactor,
    deadline,
    cacheDir: localDir(repository).cache,
  }
}

async function captureOne(
  request: CaptureRequest,
  commit: Commit,
  collecting: Promise<BuiltEnvironment> | undefined,
  known: Map<string, CaptureNote>,
  captured: readonly Captured[],
): Promise<Captured> {
  const [fingerprints, environment, parameters, parent, locks, links] = await Promise.all([
    fingerprint(request, commit),
    collecting,
    parametersOf(request, commit),
    parentCapture(request, commit, known),
    request.late ? lockFilesOf(request.objects, commit.oid) : undefined,
    revisionLinks(request, commit),
  ])
  const digests = environment?.digests ?? request.environment
  const changed = parent && (await changesSince(request, parent, digests, fingerprints, captured))
  const built = buildRecord<Capture>(
    {
      kind: 'capture',
      agent: { name: commit.committer.name, email: commit.committer.email },
      about: {
        commit: commit.oid,
        tree: commit.tree,
        parents: commit.parents,
        ...(request.branch && { branch: request.branch }),
      },
      trigger: request.trigger,
      late: request.late,
      environment: environment?.digests ?? request.environment ?? missing('captured late: not known any more'),
      datasets: Object.fromEntries(Object.entries(fingerprints).map(([name, print]) => [name, print.dataset])),
      parameters,
      ...(request.configuration && {
        configuration: redactDeep(request.redactor, request.configuration, 'prov.yaml').value,
      }),
      ...(locks && Object.keys(locks).length > 0 && { locks }),
      ...(changed && { changed }),
      links,
    },
    request.context.now(),
  )
  const stored = await fitted(built)
  known.set(commit.oid, { kind: 'capture', id: stored.id, ...noteOf(stored.record) })
  return { stored, entry: toEntry(stored, environment, fingerprints, parent), environment }
}

/** The parts of a note line that later captures are compared with. */
function noteOf(record: Capture): Omit<CaptureNote, 'kind' | 'id'> {
  const datasets = Object.fromEntries(
    Object.entries(record.datasets).map(([name, { digest }]) => [name, digest === undefined ? {} : { digest }]),
  )
  return {
    time: record.time,
    datasets,
    ...('digest' in record.environment && { environment: record.environment.digest }),
  }
}

async function fingerprint(request: CaptureRequest, commit: Commit): Promise<Record<string, Fingerprint>> {
  const { redactor, clean, repository, objects, config, late, deadline, committedAt, onProgress } = request
  const prints = await fingerprintDatasets({
    repository,
    objects,
    commit,
    datasets: config.datasets,
    cacheDir: localDir(repository).cache,
    late,
    deadline,
    ...(committedAt !== undefined && { committedAt }),
    ...(onProgress && { onProgress }),
    ...(request.status && { status: request.status }),
  })
  return Object.fromEntries(
    Object.entries(prints).map(([name, print]) => [name, redactFingerprint(print, name, redactor, clean)]),
  )
}

async function parametersOf(
  { objects, config, repository, redactor }: CaptureRequest,
  commit: Commit,
): Promise<Capture['parameters']> {
  const entries = config.parameters.map(async (path) => {
    const blob = await objects.read(`${commit.oid}:${path}`)
    return [
      redactor.redact(path, 'prov.yaml').text,
      blob?.type === 'blob'
        ? await readCommittedParameters(path, blob, localDir(repository).cache, redactor)
        : missing('not in the commit'),
    ] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function parentCapture(
  request: CaptureRequest,
  commit: Commit,
  known: Map<string, CaptureNote>,
): Promise<CaptureNote | undefined> {
  const parent = commit.parents[0]
  if (!parent) return undefined
  const notes = await request.objects.read(request.settings.notesRef)
  const remembered = rememberedNote(localDir(request.repository), notes?.oid, parent)
  if (remembered !== undefined) return latestCapture(parseNote(remembered).lines)
  return known.get(parent) ?? (await readCapture(request, parent))
}

async function revisionLinks(request: CaptureRequest, commit: Commit): Promise<Link[]> {
  const old = request.rewrittenFrom?.get(commit.oid) ?? []
  const captures = await Promise.all(old.map((oid) => readCapture(request, oid)))
  const revised = captures.flatMap((capture) =>
    capture ? [{ rel: 'wasRevisionOf' as const, to: `record:${capture.id}` }] : [],
  )
  return request.supersedes ? [...revised, { rel: 'supersedes', to: `record:${request.supersedes}` }] : revised
}

async function changesSince(
  request: CaptureRequest,
  parent: CaptureNote,
  environment: Capture['environment'] | undefined,
  fingerprints: Record<string, Fingerprint>,
  captured: readonly Captured[],
): Promise<NonNullable<Capture['changed']>> {
  const changed: NonNullable<Capture['changed']> = {}
  if (environment && 'digest' in environment && parent.environment && parent.environment !== environment.digest) {
    changed.environment = parent.environment
  }
  const datasets: NonNullable<NonNullable<Capture['changed']>['datasets']> = {}
  for (const [name, { dataset, manifest }] of Object.entries(fingerprints)) {
    const from = parent.datasets?.[name]?.digest
    const unknown = parent.datasets?.[name] !== undefined && from === undefined
    if (dataset.digest === undefined || dataset.digest === from || unknown) continue
    const before = from && manifest && (await readManifest(request, from, captured))
    const counts = before && manifest ? countChanges(before, manifest) : {}
    datasets[name] = { ...(from !== undefined && { from }), ...counts }
  }
  if (Object.keys(datasets).length > 0) changed.datasets = datasets
  return changed
}

async function readManifest(
  request: CaptureRequest,
  digest: string,
  captured: readonly Captured[],
): Promise<Buffer | undefined> {
  for (const { entry } of captured) {
    const manifest = entry.manifests?.[digest]
    if (manifest) return manifest
  }
  const blob = await request.objects.read(`${request.settings.branchRef}:${manifestPath(digest)}`)
  return blob?.type === 'blob' ? blob.body : undefined
}

function countChanges(before: Buffer, after: Buffer): { added: number; removed: number; modified: number } {
  const { added, removed, modified } = diffManifests(parseManifest(before), parseManifest(after))
  return { added: added.length, removed: removed.length, modified: modified.length }
}

/** The record with the files to append. Files that the parent's capture names are on the branch already. */
function toEntry(
  stored: StoredRecord<Capture>,
  environment: BuiltEnvironment | undefined,
  fingerprints: Record<string, Fingerprint>,
  parent: CaptureNote | undefined,
): Entry {
  const inherited = new Set(Object.values(parent?.datasets ?? {}).map((dataset) => dataset.digest))
  const manifests = Object.values(fingerprints).flatMap(({ dataset, manifest }) =>
    manifest && dataset.digest && !inherited.has(dataset.digest) ? [[dataset.digest, manifest] as const] : [],
  )
  const isNew = environment && environment.digests.digest !== parent?.environment
  return {
    record: stored,
    unlessCaptured: true,
    ...(isNew && { environments: { [environment.digests.digest]: environment.text } }),
    ...(manifests.length > 0 && { manifests: Object.fromEntries(manifests) }),
  }
}
