import { ProvError } from '../base/errors.ts'
import { isMissing } from '../base/missing.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { toShowJson } from '../history/show-json.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { findNamed, type Named } from '../ledger/read/find-record.ts'
import type { Environment } from '../records/environment.ts'
import type { Capture, ProvRecord, StoredRecord } from '../records/record.ts'
import type { RunView } from '../records/run.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov show [<commit>|<run>|<id>]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 1)
    throw new ProvError('usage', 'show takes one commit, run or record', { hint: 'git prov help show' })
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const named = await openNamed(
      context,
      await findNamed(repository, objects, words[0] ?? 'HEAD'),
      flags.identity as string | undefined,
    )
    await requireEnvelope(named.stored)
    const environment = await environmentOf(named, objects, readSettings(repository).branchRef)
    if (flags.json) context.stdout.write(`${JSON.stringify(toShowJson(named, environment), null, 2)}\n`)
    else await printText(context, named, environment)
    return 0
  } finally {
    objects.close()
  }
}

/** Of a record of a newer version's kind it is known what every record has, and nothing else. Throws `record`. */
async function requireEnvelope({ record, id }: StoredRecord): Promise<void> {
  const { showOf } = await import('../records/show.ts')
  if (showOf(record.kind)) return
  const { validateEnvelope } = await import('../records/validate.ts')
  const [problem] = await validateEnvelope(record)
  if (problem)
    throw new ProvError('record', `record ${id.slice(0, 12)} is none: ${problem.pointer} ${problem.message}`, {
      hint: 'git prov verify',
    })
}

/** What only some may read, put back for who has a key, and told to others. */
async function openNamed(context: Context, named: Named, identity: string | undefined): Promise<Named> {
  const { stored, run } = named
  const all = run ? [run.planned, run.finished, ...run.replays, ...run.remarks] : [stored]
  if (!all.some((one) => one?.text.includes('<restricted:'))) return named
  const { describeShut, openRestricted, openRun } = await import('../recording/privacy/open-restricted.ts')
  if (run) {
    const { run: opened, shut } = await openRun(context, run, identity)
    const told = mapRun(opened, (one) => describeShut(one, shut))
    return { ...named, run: told, stored: (told.finished ?? told.planned) as StoredRecord }
  }
  const { records, shut } = await openRestricted(context, [stored], identity)
  return { ...named, stored: describeShut(records[0] as StoredRecord, shut) }
}

function mapRun(run: RunView, map: <R extends StoredRecord>(stored: R) => R): RunView {
  const planned = run.planned && map(run.planned)
  const finished = run.finished && map(run.finished)
  return {
    ...run,
    ...(planned && { planned }),
    ...(finished && { finished }),
    record: (finished ?? planned)?.record ?? run.record,
    replays: run.replays.map(map),
    remarks: run.remarks.map(map),
  }
}

async function environmentOf(
  { stored: { record } }: Named,
  objects: ObjectReader,
  branchRef: string,
): Promise<Environment | undefined> {
  const named = await namedEnvironment(record)
  return named && !isMissing(named) ? await readEnvironment(objects, branchRef, named.digest) : undefined
}

/** The environment that a record of a kind which is shown with one has. */
async function namedEnvironment(record: ProvRecord): Promise<Capture['environment'] | undefined> {
  const { showOf } = await import('../records/show.ts')
  return showOf(record.kind)?.withEnvironment && (record as Capture).environment
}

async function printText(context: Context, named: Named, environment: Environment | undefined): Promise<void> {
  const { openOutput } = await import('../terminal/output.ts')
  const { painter } = await import('../render/colour.ts')
  const { renderRecord } = await import('../records/show-record.ts')
  const { isUnicodeLocale } = await import('../render/sparkline.ts')
  const output = openOutput(context)
  const view = {
    stored: named.stored,
    environment,
    unicode: isUnicodeLocale(context.env),
    ...(named.run && { run: named.run }),
    ...(named.resolved?.of && { matched: { by: named.resolved.matchedBy, commit: named.resolved.commit } }),
  }
  await output.write(`${renderRecord(view, painter(output.colour)).join('\n')}\n`)
  await output.end()
}
