import { digestOf } from '../../base/digest.ts'
import { messageOf } from '../../base/errors.ts'
import { type Finding, finding } from '../../base/finding.ts'
import { namedIn } from '../../privacy/restrict/decrypt.ts'
import { readArchiveIndex } from '../../records/branch/archive-file.ts'
import { parseManifest } from '../../records/branch/manifest.ts'
import type { Environment } from '../../records/environment.ts'
import { classifyPath, environmentPath, manifestPath, recordPath, seriesPath } from '../../records/layout.ts'
import { count, isByNewer, type Newer, nothingNewer } from '../../records/newer.ts'
import { type Capture, maxRecordBytes, type ProvRecord, parseRecord } from '../../records/record.ts'
import { envelopeProblem } from '../../records/restricted.ts'
import {
  isKnown,
  isKnownKind,
  type Problem as SchemaProblem,
  splitUnknown,
  validate,
  validateEnvelope,
} from '../../records/validate.ts'

/** A file as a tree has it; `size` in bytes. */
interface PlacedFile {
  path: string
  mode: string
  size: number
}

export interface Checked {
  records: number
  environments: number
  manifests: number
}

/** What the files name among themselves, to be looked up when all have been seen. */
export interface Seen {
  paths: Set<string>
  records: Set<string>
  /** Needed path to who needs it. */
  needed: Map<string, string>
  neededRecords: Map<string, string>
  /** Paths that redaction records name: what is named and gone is not lost. */
  redacted: Set<string>
  /** What each archive holds, and what archive records say it does: path of the record to archive and paths. */
  archives: Map<string, Set<string>>
  archived: Map<string, { archive: string; paths: readonly string[] }>
  /** What stands in the place of restricted fields (the first digits of a commitment) to who has it; and commitments. */
  placeholders: Map<string, string>
  commitments: Set<string>
  /** Of `collectors` every part of `software` that is an ecosystem: which of them are known, collect/ knows. */
  newer: Newer
}

export const nothingSeen = (): Seen => ({
  paths: new Set(),
  records: new Set(),
  needed: new Map(),
  neededRecords: new Map(),
  redacted: new Set(),
  archives: new Map(),
  archived: new Map(),
  placeholders: new Map(),
  commitments: new Set(),
  newer: nothingNewer(),
})

/** Whether a file may lie where it lies, as what it is. Adds to `findings` and to `seen`. */
export function checkPlace(entry: PlacedFile, seen: Seen, findings: Finding[]): boolean {
  const { path, mode, size } = entry
  seen.paths.add(path)
  const problem = (code: string, message: string) => {
    findings.push({
      code,
      severity: 'error',
      where: path,
      message,
      hint: 'somebody wrote to the branch by hand: git log prov -- <path>',
    })
    return false
  }
  if (!classifyPath(path)) return problem('unknown-path', 'is not a path git-prov writes')
  if (mode !== '100644') return problem('bad-mode', `has mode ${mode}, not 100644`)
  if (path.startsWith('records/') && size > maxRecordBytes) return problem('too-big', `is ${size} bytes long`)
  return true
}

/** Proves one file against its name, its schema and its place; notes down what it names. */
export async function checkFile(
  entry: PlacedFile,
  body: Buffer | undefined,
  seen: Seen,
  counts: Checked,
  findings: Finding[],
): Promise<void> {
  const file = classifyPath(entry.path)
  const problem = (code: string, message: string, hint?: string) =>
    findings.push({ code, severity: 'error', where: entry.path, message, ...(hint && { hint }) })
  if (!body) return void problem('not-here', 'its content is not in this clone', 'git fetch')
  if (file?.kind === 'archive') return await checkArchive(file.digest, body, { seen, counts, findings, problem })
  if (file?.kind === 'record') {
    if (!seen.records.has(file.id)) counts.records += 1
    return await checkRecord(entry.path, file.id, body, seen, problem)
  }
  if (file?.kind !== 'environment' && file?.kind !== 'manifest' && file?.kind !== 'series') return
  if (file.kind !== 'series') counts[`${file.kind}s`] += 1
  if (digestOf(body) !== file.digest) return void problem('digest', 'does not have the content its name says')
  if (file.kind === 'series') return
  if (file.kind === 'manifest') return void checkManifest(body, problem)
  const environment = parseOrUndefined(body)
  const problems = await validate('environment', 1, environment)
  for (const { pointer, message } of problems) problem('schema', `${pointer || 'the file'} ${message}`)
  if (problems.length === 0)
    for (const name of Object.keys((environment as Environment).software)) count(seen.newer.collectors, name)
}

/** An archive's own form, then each file in it as if it lay in its place. */
async function checkArchive(
  digest: string,
  body: Buffer,
  { seen, counts, findings, problem }: { seen: Seen; counts: Checked; findings: Finding[]; problem: Problem },
): Promise<void> {
  try {
    const { files } = readArchiveIndex(body, digest)
    seen.archives.set(digest, new Set(files.keys()))
    for (const [path, { start, end }] of files) {
      seen.paths.add(path)
      await checkFile({ path, mode: '100644', size: end - start }, body.subarray(start, end), seen, counts, findings)
    }
  } catch (error) {
    problem('archive', messageOf(error))
  }
}

type Problem = (code: string, message: string, hint?: string) => unknown

async function checkRecord(path: string, id: string, body: Buffer, seen: Seen, problem: Problem): Promise<void> {
  let record: ProvRecord
  try {
    record = parseRecord(body, id).record
  } catch (error) {
    return void problem('digest', messageOf(error))
  }
  seen.records.add(id)
  if (recordPath(String(record.kind), String(record.time), id) !== path)
    return void problem('misplaced', `belongs at ${recordPath(String(record.kind), String(record.time), id)}`)
  if (!isKnownKind(record.kind)) return await checkNewer(path, record, seen, problem)
  if (!isKnown(record.kind, record.version))
    return void problem(
      'unknown-version',
      `is a ${record.kind} of version ${record.version}, which this git-prov does not know`,
      'update git-prov',
    )
  const { problems, known } = await checkSchema(record, seen)
  for (const { pointer, message } of problems) problem('schema', `${pointer || 'the record'} ${message}`)
  const envelope =
    problems.length === 0 && known.kind === 'restricted' && envelopeProblem(known.fields, known.recipients)
  if (envelope) problem('not-encrypted', envelope, 'git prov redact takes it out')
  if (problems.length > 0) return
  collectNeeds(known, path, seen)
  collectPlaceholders(body, path, seen)
}

/** A record of a kind that only a newer version knows has at least what every record has, and what it links to. */
async function checkNewer(path: string, record: ProvRecord, seen: Seen, problem: Problem): Promise<void> {
  const problems = await validateEnvelope(record)
  for (const { pointer, message } of problems) problem('schema', `${pointer || 'the record'} ${message}`)
  if (problems.length > 0) return
  count(seen.newer.kinds, record.kind)
  collectLinks(record, path, seen)
}

/**
 * A member that a newer version added is no problem where that version wrote the record and all else is as it should be.
 * `known` is the record without such members.
 */
async function checkSchema(record: ProvRecord, seen: Seen): Promise<{ problems: SchemaProblem[]; known: ProvRecord }> {
  const problems = await validate(record.kind, record.version, record)
  if (problems.length === 0 || (await validateEnvelope(record)).length > 0 || !isByNewer(record))
    return { problems, known: record }
  const split = await splitUnknown(record.kind, record.version, record)
  if (!split) return { problems, known: record }
  for (const name of new Set(split.names)) count(seen.newer.members, name)
  return { problems: [], known: split.known }
}

function collectPlaceholders(body: Buffer, path: string, seen: Seen): void {
  if (!body.includes('<restricted:')) return
  for (const digits of namedIn(body.toString('latin1'))) seen.placeholders.set(digits, path)
}

function collectNeeds(record: ProvRecord, path: string, seen: Seen): void {
  if (record.kind === 'restricted')
    for (const { commitment } of Object.values(record.fields)) seen.commitments.add(commitment.slice(0, 12))
  if (record.kind === 'redaction') for (const gone of record.removes) seen.redacted.add(gone)
  if (record.kind === 'archive') seen.archived.set(path, { archive: record.archive, paths: record.removes })
  collectLinks(record, path, seen)
  collectFiles(record as NamesFiles, path, seen)
}

/** The members by which a record of any kind names files of the branch. */
interface NamesFiles {
  environment?: Capture['environment']
  series?: string
  datasets?: Capture['datasets']
  inputs?: NamedFile[]
  outputs?: NamedFile[]
}
interface NamedFile {
  digest?: string
  manifest?: boolean
}

function collectFiles({ environment, series, ...files }: NamesFiles, path: string, seen: Seen): void {
  const { datasets = {}, inputs = [], outputs = [] } = files
  if (environment && 'digest' in environment) seen.needed.set(environmentPath(environment.digest), path)
  if (series) seen.needed.set(seriesPath(series), path)
  for (const { digest, manifest } of [...Object.values(datasets), ...inputs, ...outputs] as NamedFile[])
    if (digest && manifest) seen.needed.set(manifestPath(digest), path)
}

function collectLinks({ links }: ProvRecord, path: string, seen: Seen): void {
  for (const { to } of links) if (to.startsWith('record:')) seen.neededRecords.set(to.slice('record:'.length), path)
}

function checkManifest(body: Buffer, problem: Problem): void {
  try {
    const entries = parseManifest(body)
    for (let i = 1; i < entries.length; i++) {
      if ((entries[i - 1] as { path: string }).path >= (entries[i] as { path: string }).path)
        return void problem('manifest-order', `line ${i + 1} is out of order`)
    }
  } catch (error) {
    problem('manifest', messageOf(error))
  }
}

/** What was named and is not there. */
export function checkLinks(seen: Seen): Finding[] {
  const { paths, records, needed, neededRecords, redacted } = seen
  const tombstones = new Set([...redacted].map((path) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length)))
  const missing = [...needed]
    .filter(([path]) => !paths.has(path) && !redacted.has(path))
    .map(([path, by]) => ({ by, what: path }))
  const lost = [...neededRecords]
    .filter(([id]) => !records.has(id) && !tombstones.has(id))
    .map(([id, by]) => ({ by, what: `record ${id.slice(0, 12)}` }))
  return [
    ...checkArchived(seen),
    ...[...missing, ...lost].map(({ by, what }) => ({
      code: 'missing-link',
      severity: 'error' as const,
      where: by,
      message: `names ${what}, which is not on the branch`,
      hint: 'git fetch, then git prov init',
    })),
  ]
}

/** What was taken out of a record to be encrypted must lie in another, unless that was redacted. */
export function checkRestricted({ placeholders, commitments, redacted }: Seen): Finding[] {
  if ([...redacted].some((path) => path.startsWith('records/restricted/'))) return []
  const lost = [...placeholders].filter(([digits]) => !commitments.has(digits))
  return lost.map(([digits, where]) =>
    finding(
      'restricted-lost',
      where,
      `holds <restricted:${digits}>, which no restricted record has`,
      'git fetch, then git prov init',
    ),
  )
}

/** What archive records let go must lie in the archives they name, else it is lost. */
function checkArchived({ archives, archived, redacted }: Seen): Finding[] {
  return [...archived].flatMap(([where, { archive, paths }]) => {
    const held = archives.get(archive)
    // An archive that was redacted lives on as another, without what had to go.
    const isHeld = (path: string) => held?.has(path) || [...archives.values()].some((other) => other.has(path))
    const lacking = paths.filter((path) => !redacted.has(path) && !isHeld(path))
    if (lacking.length === 0) return []
    return [
      {
        code: 'archive-lacks',
        severity: 'error' as const,
        where,
        message: `removes ${lacking.length} of ${paths.length} files that its archive does not contain: ${lacking[0]}`,
        hint: 'bring them back from a commit that has them: git show <commit>:<path>',
      },
    ]
  })
}

function parseOrUndefined(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
