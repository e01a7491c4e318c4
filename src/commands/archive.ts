import { parseDateOption } from '../base/date-option.ts'
import { ProvError } from '../base/errors.ts'
import { stringifyLine } from '../base/json.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { configName, loadConfig } from '../config/config-file.ts'
import { requireAllowed } from '../config/retention.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { openDoor } from '../recording/door.ts'
import { archiveOld } from '../retention/archive.ts'
import { renderArchived } from '../retention/archive-text.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov archive --before DATE`: packs old records into archive files and removes the single files. */
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
  const folded = await archiveOld(context, {
    before,
    door,
    holds: policy?.retention?.holds ?? [],
    dryRun: flags['dry-run'] === true,
    reason: flags.reason as string | undefined,
    progress: countProgress(context, 'archiving'),
  })
  context.stdout.write(
    flags.json ? `${stringifyLine(folded)}\n` : `${renderArchived(folded, flags['dry-run'] === true)}\n`,
  )
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
