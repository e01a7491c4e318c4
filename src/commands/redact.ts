import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { loadConfig } from '../config/config-file.ts'
import { heldBy, requireAllowed } from '../config/retention.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { git } from '../git/run.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRedactionKey } from '../ledger/local/redaction-key.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import { purgeRedacted } from '../ledger/removal/purge.ts'
import { pushRewritten } from '../ledger/removal/push-rewritten.ts'
import { findTarget, type Target } from '../ledger/removal/redact-files.ts'
import { destinations } from '../ledger/share/destination.ts'
import { cleanCopy } from '../privacy/clean-copy.ts'
import { privateWords } from '../privacy/private-words.ts'
import { makeRedactor } from '../privacy/redact.ts'
import { openDoor } from '../recording/door.ts'
import { holdRecord, makeHeldRecord } from '../recording/hold-record.ts'
import { redactOnLedger } from '../recording/replace.ts'
import type { Redaction, StoredRecord } from '../records/record.ts'
import { openAsker } from '../terminal/ask.ts'
import { readLines } from '../terminal/read-lines.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov redact ID`: takes a record or file out of the branch and its history, and leaves a tombstone. */
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

type Flags = ReturnType<typeof parseWords>['flags']

async function redact(context: Context, word: string, flags: Flags): Promise<number> {
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const door = await openDoor(context)
  requireAllowed(policy, 'redactors', door.agent.email)
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const target = await findTarget(repository, objects, word)
    requireFree(policy, target)
    const secrets = flags.stdin ? await readLines(context) : []
    const made = flags['no-copy'] ? undefined : copyOf(context, target, secrets, policy, door.agent)
    const copy = made && (await holdRecord(context, made))
    const what = `${target.path} is removed from the branch and all of its history${copy ? '; a copy without the secrets stays' : ''}`
    if (!(await goOn(context, what, flags.yes === true))) return 1
    const reason = typeof flags.reason === 'string' && flags.reason ? { reason: flags.reason } : {}
    const stored = await redactOnLedger(door, {
      target,
      ...(copy && { copy }),
      make: ({ fields, ...parts }) =>
        makeHeldRecord<Redaction>(door, { kind: 'redaction', ...parts, fields: { ...fields, ...reason } }),
    })
    const purged = await purgeRedacted(repository)
    const others = await othersWith(repository, secrets)
    if (flags.json) context.stdout.write(`${stringifyLine({ id: stored.id, ...stored.record, purged, others })}\n`)
    else sayRedacted(context, target, stored.id, copy, purged.kept.length)
    if (others.length > 0)
      warn(
        context,
        `${plural(others.length, 'other record')} still ${others.length === 1 ? 'holds' : 'hold'} it: git prov redact --stdin ${others[0]?.slice(0, 12)}`,
      )
    return others.length > 0 ? 1 : 0
  } finally {
    objects.close()
  }
}

/** Ids of further records in which a named secret stands. */
async function othersWith(repository: Repository, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const wanted = secrets.map((secret) => JSON.stringify(secret).slice(1, -1))
  if (wanted.length === 0) return found
  for await (const outcome of readRecords(repository))
    if ('stored' in outcome && wanted.some((text) => outcome.stored.text.includes(text))) found.push(outcome.stored.id)
  return found
}

/** Without a terminal nobody is asked: the command line said it. */
async function goOn(context: Context, what: string, yes: boolean): Promise<boolean> {
  if (yes || !context.stdin.isTTY) return true
  const asker = openAsker(context, { on: 'stderr', instead: 'git prov redact <id> --yes' })
  if (!asker.asks) warn(context, 'nothing was changed; add --yes to do it')
  return await asker.agree(`${what}. Continue?`, false).finally(asker.close)
}

function requireFree(policy: PolicyPart | undefined, { stored }: Target): void {
  const hold =
    stored &&
    heldBy(policy?.retention?.holds ?? [], { id: stored.id, kind: stored.record.kind, time: stored.record.time })
  if (hold)
    throw new ProvError(
      'usage',
      `record ${stored.id.slice(0, 12)} is under the legal hold '${escapeLine(hold.name)}'`,
      {
        hint: 'policy.retention.holds of prov.yaml',
      },
    )
}

/** The same record without what the rules find now, and without the secrets that were named. */
function copyOf(
  context: Context,
  { stored, path }: Target,
  secrets: readonly string[],
  policy: PolicyPart | undefined,
  agent: { name: string; email: string },
): StoredRecord | undefined {
  const { rules = [], allow = [], words = [] } = policy?.privacy ?? {}
  const repository = context.repository()
  const key = readRedactionKey(repository, readSettings(repository))
  const unknown = stored ? secrets.filter((secret) => !stored.text.includes(JSON.stringify(secret).slice(1, -1))) : []
  if (unknown.length > 0)
    throw new ProvError('usage', `${plural(unknown.length, 'line')} of the input is not in ${path}`, {
      hint: 'one secret per line, exactly as in the record',
    })
  const redactor = makeRedactor({ words: { ...privateWords(context.env), words, secrets }, rules, allow, key })
  return stored && cleanCopy(stored, redactor, agent)
}

function sayRedacted(
  context: Context,
  { path }: Target,
  id: string,
  copy: StoredRecord | undefined,
  kept: number,
): void {
  const instead = copy ? `; record ${copy.id.slice(0, 12)} is the copy without it` : ''
  const here = kept > 0 ? ' (this clone still holds it: git prov redact --purge)' : ''
  const [remote] = readSettings(context.repository()).remotes
  const next = remote ? `; git prov redact --push ${escapeLine(remote)}` : ''
  context.stdout.write(`prov: ${path} was removed${here}${instead} (redaction ${id.slice(0, 12)})${next}\n`)
}

/** Lets this clone take the rewritten history of one redaction, whoever made it. */
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
  // Provenance goes where somebody said it may, by force or not.
  destinations(context.repository(), remote)
  const changed = await pushRewritten(context.repository(), remote)
  const name = escapeLine(remote)
  context.stdout.write(changed ? `prov: ${name} now has the rewritten history\n` : `prov: ${name} already has it\n`)
  return 0
}

async function purge(context: Context): Promise<number> {
  const { gone, kept, holders } = await purgeRedacted(context.repository())
  if (kept.length === 0) {
    context.stdout.write(
      `prov: ${gone > 0 ? `${plural(gone, 'object')} deleted; ` : ''}nothing that was redacted is in this clone\n`,
    )
    return 0
  }
  const why = holders.length > 0 ? `held by ${holders.map(escapeLine).join(', ')}` : 'in a kept pack or an alternate'
  context.stdout.write(`prov: ${plural(kept.length, 'object')} that was redacted is still in this clone, ${why}\n`)
  return 1
}

const warn = (context: Context, text: string) => void context.stderr.write(`prov: ${escapeLine(text)}\n`)
