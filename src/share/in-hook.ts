import { messageOf } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { spawnDetached } from '../capture/background.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { listRefs } from '../git/refs/refs.ts'
import { readLastSync } from '../ledger/local/last-sync.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings, type Settings } from '../ledger/local/settings.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { unjoined } from '../ledger/read/sources.ts'
import { joinRefs } from '../ledger/share/join.ts'
import { renderSync } from './sync-text.ts'

/**
 * Before a push of code: syncs provenance too, in a separate process. The push waits at most prov.syncBudget for it; after
 * that the sync goes on in the background.
 */
export async function shareBeforePush(context: Context, remote: string | undefined): Promise<void> {
  const repository = context.repository()
  const settings = readSettings(repository)
  if (settings.sync === 'manual' || settings.remotes.length === 0) return
  if (await pushesOnlyProvenance(context, settings)) return
  requireBranch(repository)
  const target = remote !== undefined && settings.remotes.includes(remote) ? remote : (settings.remotes[0] as string)
  // The first push creates the remote's first branch, and we sync only once there is one: waiting is no use.
  const isFirst = target === remote && listRefs(repository, [`refs/remotes/${target}/`]).size === 0
  const began = Date.now()
  const worker = spawnDetached(context, 'git-prov.js', ['sync', target, '--quiet', '--wait'])
  const done = await new Promise<boolean>((resolve) => {
    worker.on('exit', () => resolve(true))
    setTimeout(() => resolve(false), isFirst ? 0 : settings.syncBudget * 1000).unref()
    worker.ref()
  })
  worker.unref()
  if (done) report(context, settings, began)
  else if (!isFirst && !settings.quiet)
    context.stderr.write(
      `${escapeLine(`prov: ${target} is slow; provenance is being sent in the background (git prov status)`)}\n`,
    )
}

/** githooks(5), pre-push: `<local ref> SP <local oid> SP <remote ref> SP <remote oid> LF` on standard input. */
async function pushesOnlyProvenance(context: Context, { branchRef }: Settings): Promise<boolean> {
  let text = ''
  for await (const chunk of context.stdin) text += chunk
  const refs = text.split('\n').flatMap((line) => line.split(' ')[2] ?? [])
  return refs.length > 0 && refs.every((ref) => ref === branchRef || ref.startsWith('refs/prov/'))
}

function report(context: Context, { quiet }: Settings, began: number): void {
  const last = readLastSync(localDir(context.repository()))
  if (!last || Date.parse(last.time) < began - 1000) return
  const { state, received, sent, folded } = last.view
  const moved = received + sent + folded > 0 || state === 'inbox'
  if (state === 'kept' || state === 'rewritten' || (moved && !quiet)) context.stderr.write(`${renderSync(last.view)}\n`)
}

/** After a pull: joins what it fetched. Remotes that git pull does not fetch from are synced in the background. */
export async function joinAfterPull(context: Context, objects: ObjectReader): Promise<void> {
  const repository = context.repository()
  const { sync, quiet, remotes } = readSettings(repository)
  if (sync === 'manual') return
  try {
    const joined = await joinRefs(repository, objects, unjoined(repository), Date.now() + 2000)
    const records = joined.reduce((sum, one) => sum + one.records, 0)
    if (records > 0 && !quiet) context.stderr.write(`prov: ${plural(records, 'record')} received\n`)
  } catch (error) {
    context.stderr.write(`${escapeLine(`prov: not joined: ${messageOf(error)}; git prov sync`)}\n`)
  }
  for (const remote of remotes.filter((name) => name !== 'origin'))
    spawnDetached(context, 'git-prov.js', ['sync', remote, '--no-push', '--quiet'])
}
