import { fingerprintOnDisk } from '../collect/datasets.ts'
import type { Dataset, RunFile } from '../generated/types.ts'
import { isOnBranch } from '../ledger/append/branch-files.ts'
import { manifestPath } from '../records/layout.ts'
import { progressLine } from '../terminal/progress.ts'
import { pathFromTop, type Session } from './session.ts'

/** A path that was named as an input or output, from the top of the work tree. */
export interface NamedPath {
  path: string
  declared: RunFile['declared']
  dataset?: string
}

/** Files as they are on disk, and manifests of those that are folders, by digest. */
export interface LookedAt {
  files: RunFile[]
  manifests: Record<string, Buffer>
}

/** What options and prov.yaml name as inputs, each path once. */
export function namedInputs(session: Session, typed: readonly string[]): NamedPath[] {
  return merge([...datasetsOf(session), ...typed.map((path) => fromOption(session, path))])
}

/** What options name as outputs. */
export function namedOutputs(session: Session, typed: readonly string[]): NamedPath[] {
  const datasets = new Map(datasetsOf(session).map((named) => [named.path, named]))
  return merge(typed.map((path) => ({ ...datasets.get(pathFromTop(session, path)), ...fromOption(session, path) })))
}

export function datasetsOf({ config }: Session): NamedPath[] {
  return config.datasets.map(({ name, path }) => ({ path: clean(path), declared: 'config', dataset: name }))
}

const clean = (path: string) =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/') || '.'
const fromOption = (session: Session, typed: string): NamedPath => ({
  path: pathFromTop(session, typed),
  declared: 'option',
})

function merge(named: readonly NamedPath[]): NamedPath[] {
  const paths = new Map<string, NamedPath>()
  for (const one of named) paths.set(one.path, { ...paths.get(one.path), ...one })
  return [...paths.values()]
}

/** Fingerprints paths as they are on disk now. */
export async function lookAtFiles(session: Session, named: readonly NamedPath[]): Promise<LookedAt> {
  const looked: LookedAt = { files: named.filter(isElsewhere).map(elsewhere), manifests: {} }
  const here = named.filter((one) => !isElsewhere(one))
  if (here.length === 0) return looked
  // Only when needed: touching stderr changes its mode, and the command must inherit it unchanged.
  let progress: ReturnType<typeof progressLine> | undefined
  const prints = await fingerprintOnDisk({
    repository: session.repository,
    objects: session.objects,
    commit: { oid: 'HEAD' },
    datasets: here.map(({ path }) => ({ name: path, path })),
    cacheDir: session.local.cache,
    late: false,
    deadline: Number.POSITIVE_INFINITY,
    signal: session.signal,
    onProgress: (what, step) => {
      progress ??= progressLine(session.context.stderr)
      progress.show({ what, ...step })
    },
  }).finally(() => progress?.clear())
  for (const one of here) {
    const print = prints[one.path]
    if (!print) continue
    const file = fileOf(one, print.dataset)
    looked.files.push(await keepManifest(session, file, print.manifest, looked.manifests))
  }
  return looked
}

const isElsewhere = ({ path }: NamedPath) => /^[a-z][a-z0-9+.-]*:\/\//i.test(path)
const elsewhere = (named: NamedPath): RunFile => ({ ...named, state: 'missing', reason: 'not a file of this machine' })

/** Skips what the branch already has; leaves out what must not be shown (see redactFingerprint). */
async function keepManifest(
  { objects, settings, redactor }: Session,
  file: RunFile,
  manifest: Buffer | undefined,
  kept: Record<string, Buffer>,
): Promise<RunFile> {
  const { digest, path } = file
  if (!manifest || !digest || (await isOnBranch(objects, settings.branchRef, manifestPath(digest)))) return file
  if (!redactor.holdsSecret(manifest.toString('latin1'), `${path}.manifest`)) {
    kept[digest] = manifest
    return file
  }
  const reason = [file.reason, 'the list of files is not kept: the name of one looks like a secret'].filter(Boolean)
  return { ...file, manifest: false, reason: reason.join('; ').slice(0, 1024) }
}

function fileOf({ path, declared, dataset }: NamedPath, found: Dataset): RunFile {
  const { digest, manifest, files, bytes, state, reason, aliases } = found
  return {
    path,
    declared,
    ...(dataset !== undefined && { dataset }),
    state: state === 'pending' ? 'incomplete' : state,
    ...(digest !== undefined && { digest }),
    ...(manifest && { manifest }),
    ...(files !== undefined && { files }),
    ...(bytes !== undefined && { bytes }),
    ...(reason !== undefined && state !== 'complete' && { reason: reason.slice(0, 1024) }),
    ...(aliases && { aliases }),
  }
}
