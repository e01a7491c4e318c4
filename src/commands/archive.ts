import { parseDateOption } from '../base/date-option.ts'
import { digestOf } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { stringifyLine } from '../base/json.ts'
import { formatBytes, plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { configName, loadConfig } from '../config/config-file.ts'
import { heldBy, requireAllowed } from '../config/retention.ts'
import type { Context } from '../context.ts'
import type { PolicyHold, PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import { type Door, openDoor } from '../recording/door.ts'
import { makeHeldRecord } from '../recording/hold-record.ts'
import { replaceOnLedger } from '../recording/replace.ts'
import { type ArchivedFile, formatArchive, packArchives } from '../records/archive-file.ts'
import { archivePath, recordPath } from '../records/layout.ts'
import type { Archive, StoredRecord } from '../records/record.ts'
import { removingKinds } from '../records/removal.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** Records that may be folded, and how many a hold keeps. */
interface Old {
  files: ArchivedFile[]
  held: number
}

interface Folded {
  before: string
  archived: number
  bytes: number
  held: number
  archives: string[]
}

/** `git prov archive --before DATE`: folds old records into archive files and lets the single files go. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0) throw new ProvError('usage', 'archive takes no arguments', { hint: 'git prov help archive' })
  const repository = context.repository()
  requireBranch(repository)
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const door = await openDoor(context)
  requireAllowed(policy, 'archivers', door.agent.email)
  const before = momentOf(flags.before as string | undefined, policy, context.now())
  const objects = new ObjectReader(repository)
  await catchUp(context, objects).finally(() => objects.close())
  const folded = await fold(context, {
    before,
    door,
    holds: policy?.retention?.holds ?? [],
    dryRun: flags['dry-run'] === true,
    reason: flags.reason as string | undefined,
  })
  context.stdout.write(flags.json ? `${stringifyLine(folded)}\n` : `${say(folded, flags['dry-run'] === true)}\n`)
  return 0
}

function momentOf(text: string | undefined, policy: PolicyPart | undefined, now: Date): Date {
  const days = policy?.retention?.['archive-after-days']
  if (text === undefined && days === undefined)
    throw new ProvError('usage', `archive needs --before, or policy.retention.archive-after-days in ${configName}`, {
      hint: `git prov archive --before ${now.getUTCFullYear() - 1}-01-01 --dry-run`,
    })
  return text === undefined
    ? new Date(now.getTime() - (days as number) * 86_400_000)
    : parseDateOption('before', text, now)
}

interface FoldRequest {
  before: Date
  door: Door
  holds: readonly PolicyHold[]
  dryRun: boolean
  reason: string | undefined
}

async function fold(context: Context, request: FoldRequest): Promise<Folded> {
  const { before, door, dryRun } = request
  let folded: Folded = { before: before.toISOString(), archived: 0, bytes: 0, held: 0, archives: [] }
  const progress = countProgress(context, 'archiving')
  const plan = async (tip: string) => {
    const old = await collectOld(context, request, progress)
    const made = await Promise.all(packArchives(old.files).map((pack) => archiveOf(pack, old.held, request)))
    folded = {
      before: before.toISOString(),
      archived: old.files.length,
      bytes: made.reduce((sum, { bytes }) => sum + bytes.length, 0),
      held: old.held,
      archives: made.map(({ record }) => record.id),
    }
    if (made.length === 0 || dryRun) return undefined
    const files = made.flatMap(({ bytes, record: { id, text, record } }): [string, Buffer][] => [
      [archivePath(record.archive), bytes],
      [recordPath('archive', record.time, id), Buffer.from(text)],
    ])
    const removed = old.files.map(({ path }) => path)
    return { parent: tip, message: `archive ${plural(removed.length, 'record')}\n`, files: new Map(files), removed }
  }
  await replaceOnLedger(door, plan).finally(() => progress(-1))
  return folded
}

async function collectOld(
  context: Context,
  { before, holds }: FoldRequest,
  progress: (done: number) => void,
): Promise<Old> {
  const old: Old = { files: [], held: 0 }
  const limit = before.toISOString()
  for await (const outcome of readRecords(context.repository())) {
    // One in an archive already has the archive's own blob.
    if (!('stored' in outcome) || outcome.archived) continue
    const { id, text, record } = outcome.stored
    if (record.time >= limit || removingKinds.some((kind) => kind === record.kind)) continue
    if (heldBy(holds, { id, kind: record.kind, time: record.time })) old.held += 1
    else old.files.push({ path: outcome.entry.path, bytes: Buffer.from(text) })
    if (old.files.length % 500 === 0) progress(old.files.length)
  }
  return old
}

async function archiveOf(
  pack: readonly ArchivedFile[],
  held: number,
  { before, door, reason }: FoldRequest,
): Promise<{ bytes: Buffer; record: StoredRecord<Archive> }> {
  const bytes = formatArchive(pack)
  const fields = {
    archive: digestOf(bytes),
    removes: pack.map(({ path }) => path) as Archive['removes'],
    before: before.toISOString(),
    ...(held > 0 && { held }),
    ...(reason && { reason }),
  }
  return { bytes, record: await makeHeldRecord<Archive>(door, { kind: 'archive', fields }) }
}

function say({ before, archived, bytes, held, archives }: Folded, dryRun: boolean): string {
  const kept = held > 0 ? `; ${plural(held, 'record')} under a legal hold stay` : ''
  const day = before.slice(0, 10)
  if (archived === 0) return `prov: no record before ${day} to archive${kept}`
  const what = `${plural(archived, 'record')} before ${day}`
  if (dryRun)
    return `prov: would fold ${what} into ${plural(archives.length, 'archive')} (${formatBytes(bytes)})${kept}`
  return `prov: folded ${what} into ${plural(archives.length, 'archive')} (${formatBytes(bytes)})${kept}; git prov sync`
}
