import { ProvError } from '../base/errors.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { publicRef } from '../ledger/read/published.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { publishRecords } from '../recording/publish-records.ts'
import { collectPublished } from '../share/collect-published.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov publish --profile NAME`: adds what the profile lets out to the branch prov-public/NAME. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const name = flags.profile as string | undefined
  if (name === undefined || words.length > 0)
    throw new ProvError('usage', 'publish takes --profile <name>', { hint: 'git prov help publish' })
  requireBranch(context.repository())
  const objects = new ObjectReader(context.repository())
  try {
    await catchUp(context, objects)
    const made = await collectPublished(context, objects, name)
    const dryRun = flags['dry-run'] === true
    if (made.length > 0 && !dryRun) await publishRecords(context, objects, name, made)
    if (flags.json) for (const { text } of made) context.stdout.write(`${JSON.stringify(JSON.parse(text))}\n`)
    else context.stdout.write(`prov: ${summaryOf(made.length, name, dryRun)}\n`)
    return 0
  } finally {
    objects.close()
  }
}

function summaryOf(made: number, name: string, dryRun: boolean): string {
  const branch = publicRef(name).slice('refs/heads/'.length)
  if (dryRun) return `${plural(made, 'record')} would go to ${branch}`
  return made > 0
    ? `${plural(made, 'record')} added to ${branch}; git push <remote> ${branch}`
    : `${branch} is up to date`
}
