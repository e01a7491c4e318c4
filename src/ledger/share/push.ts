import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { type TransferOptions, transfer } from '../../git/refs/transfer.ts'
import type { Repository } from '../../git/repository.ts'

/**
 * What is to become of one ref of a remote; without `from` it is deleted, and only while it is `lease`. That a server
 * takes no ref of such a name is no failure where it is `optional`.
 */
export type PushedRef = { to: string; from: string; optional?: true } | { to: string; lease: string }

/** How a remote took a ref: landed, or another writer was first, or an optional one was not taken. */
export type Landed = 'landed' | 'raced' | 'refused'

/** The words of git-receive-pack and of git-push(1) when somebody else was first or is at it. */
const raced =
  /fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|incorrect old value|reference already exists|needs force|fetch updates were rejected/i

/**
 * Pushes refs, never by force, and says of each how it went, in the order given. Throws `remote` when the remote could
 * not be reached or does not take one for another reason than a race: its own rule, a missing permission.
 */
export async function pushRefs(
  repository: Repository,
  remote: string,
  refs: readonly PushedRef[],
  options: TransferOptions,
): Promise<Landed[]> {
  const leases = refs.flatMap((ref) => ('lease' in ref ? [`--force-with-lease=${ref.to}:${ref.lease}`] : []))
  const specs = refs.map((ref) => `${'from' in ref ? ref.from : ''}:${ref.to}`)
  const flags = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no', ...leases]
  const result = await transfer(repository, ['push', ...flags, remote, ...specs], options)
  const replies = parseReplies(result.stdout.toString('utf8'))
  return refs.map((ref) => {
    const reply = replies.get(ref.to)
    if (!reply && result.status === 0) return 'landed'
    if (!reply) throw refused(remote, ref.to, result.stderr)
    if (reply.flag !== '!') return 'landed'
    if (raced.test(reply.reason)) return 'raced'
    if ('from' in ref && ref.optional) return 'refused'
    throw refused(remote, ref.to, `${reply.reason}\n${result.stderr}`)
  })
}

/** git-push(1), --porcelain: `<flag> TAB <from>:<to> TAB <summary> (<reason>)`. */
function parseReplies(text: string): Map<string, { flag: string; reason: string }> {
  const replies = new Map<string, { flag: string; reason: string }>()
  for (const line of text.split('\n')) {
    const match = line.match(/^([ +\-*!=])\t[^:\t]*:([^\t]+)\t(.*)$/)
    if (match) replies.set(match[2] as string, { flag: match[1] as string, reason: match[3] as string })
  }
  return replies
}

function refused(remote: string, ref: string, cause: string): ProvError {
  const away = !/remote rejected|declined|denied|protected|permission/i.test(cause)
  return new ProvError(
    'remote',
    away ? `${escapeLine(remote)} cannot be reached` : `${escapeLine(remote)} rejected ${escapeLine(ref)}`,
    { cause: cause.trim(), hint: 'what was recorded stays here; git prov sync sends it' },
  )
}
