import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readShown, type Shown } from '../history/read-shown.ts'
import { toShowJson } from '../history/show-json.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov show [<commit>|<run>|<id>]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 1)
    throw new ProvError('usage', 'show takes one commit, run or record', { hint: 'git prov help show' })
  const objects = new ObjectReader(context.repository())
  try {
    const shown = await readShown(context, objects, words[0] ?? 'HEAD', flags.identity as string | undefined)
    if (flags.json) context.stdout.write(`${JSON.stringify(toShowJson(shown.named, shown.environment), null, 2)}\n`)
    else await printText(context, shown)
    return 0
  } finally {
    objects.close()
  }
}

async function printText(context: Context, { named, environment }: Shown): Promise<void> {
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
