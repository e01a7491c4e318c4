import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { environmentOf } from '../history/environment-of.ts'
import { toShowJson } from '../history/show-json.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { findNamed, type Named } from '../ledger/read/find-record.ts'
import type { Environment } from '../records/environment.ts'
import type { StoredRecord } from '../records/record.ts'
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
    const environment = await environmentOf(named.stored.record, objects, readSettings(repository).branchRef)
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
    throw new ProvError('record', `record ${id.slice(0, 12)} is not valid: ${problem.pointer} ${problem.message}`, {
      hint: 'git prov verify',
    })
}

/** What only some may read is decrypted for whoever has a key. */
async function openNamed(context: Context, named: Named, identity: string | undefined): Promise<Named> {
  const { stored, run } = named
  const all = run ? [run.planned, run.finished, ...run.replays, ...run.remarks] : [stored]
  if (!all.some((one) => one?.text.includes('<restricted:'))) return named
  return await (await import('../recording/privacy/open-named.ts')).openNamed(context, named, identity)
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
