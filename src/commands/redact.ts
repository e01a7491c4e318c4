import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import type { Context } from '../context.ts'
import { git } from '../git/run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { purgeRedacted } from '../ledger/removal/purge.ts'
import { pushRewritten } from '../ledger/removal/push-rewritten.ts'
import { destinations } from '../ledger/share/destination.ts'
import { redactRecord } from '../retention/redact.ts'
import { renderOthers, renderPurged, renderRedacted } from '../retention/redact-text.ts'
import { openAsker } from '../terminal/ask.ts'
import { readLines } from '../terminal/read-lines.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov redact ID`: removes a record or file from the branch and its history, and leaves a tombstone. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const modes = ['accept', 'push', 'purge'].filter((mode) => flags[mode] !== undefined)
  if (modes.length + words.length !== 1)
    throw new ProvError('usage', 'redact takes one id, or one of --accept, --push and --purge', {
      hint: 'git prov help redact',
    })
  requireBranch(context.repository())
  if (typeof flags.accept === 'string') return accept(context, flags.accept)
  if (typeof flags.push === 'string') return await push(context, flags.push)
  if (flags.purge) return await purge(context)
  return await redact(context, words[0] as string, flags)
}

async function redact(context: Context, word: string, flags: ParsedWords['flags']): Promise<number> {
  const redacted = await redactRecord(context, {
    word,
    secrets: async () => (flags.stdin ? await readLines(context) : []),
    copy: !flags['no-copy'],
    reason: flags.reason as string | undefined,
    confirm: (what) => goOn(context, what, flags.yes === true),
  })
  if (!redacted) return 1
  const { stored, purged, others } = redacted
  const [remote] = readSettings(context.repository()).remotes
  context.stdout.write(
    flags.json
      ? `${stringifyLine({ id: stored.id, ...stored.record, purged, others })}\n`
      : `${renderRedacted(redacted, remote)}\n`,
  )
  if (others.length === 0) return 0
  context.stderr.write(`${escapeLine(renderOthers(others))}\n`)
  return 1
}

/** Without a terminal there is no question: typing the command is consent. */
async function goOn(context: Context, what: string, yes: boolean): Promise<boolean> {
  if (yes || !context.stdin.isTTY) return true
  const asker = openAsker(context, { on: 'stderr', instead: 'git prov redact <id> --yes' })
  if (!asker.asks) context.stderr.write('prov: nothing was changed; add --yes to do it\n')
  return await asker.agree(`${what}. Continue?`, false).finally(asker.close)
}

/** Lets this clone accept the rewritten history of one redaction, whoever made it. */
function accept(context: Context, id: string): number {
  if (!/^[0-9a-f]{12,64}$/.test(id))
    throw new ProvError('usage', `'${id}' is not the id of a redaction`, {
      hint: 'git prov redact --accept <12 or more hex digits>',
    })
  git(context.repository(), ['config', '--add', 'prov.acceptRedaction', id])
  context.stdout.write(`prov: redaction ${id.slice(0, 12)} is accepted here; git prov sync takes its history\n`)
  return 0
}

async function push(context: Context, remote: string): Promise<number> {
  // Provenance only goes to remotes that were chosen for it, force-pushed or not.
  destinations(context.repository(), remote)
  const changed = await pushRewritten(context.repository(), remote)
  const name = escapeLine(remote)
  context.stdout.write(changed ? `prov: ${name} now has the rewritten history\n` : `prov: ${name} already has it\n`)
  return 0
}

async function purge(context: Context): Promise<number> {
  const purged = await purgeRedacted(context.repository())
  context.stdout.write(`${renderPurged(purged)}\n`)
  return purged.kept.length === 0 ? 0 : 1
}
