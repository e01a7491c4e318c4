import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { sweep } from '../capture/backfill.ts'
import type { Captured } from '../capture/capture-commits.ts'
import { renderCaptureLine } from '../capture/capture-line.ts'
import { finishPending } from '../capture/finish-pending.ts'
import { readFeed } from '../capture/prefetch.ts'
import { type Recorded, recordCaptures, startWorker } from '../capture/record-captures.ts'
import { beginStatus } from '../collect/datasets.ts'
import type { Context } from '../context.ts'
import { ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import { dropWrites, startWrites } from '../ledger/append/fold.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { buildRecord, type Rewrite } from '../records/record.ts'

/** ms a hook may take in all, whatever the budget says. */
const longest = 60_000

/**
 * What the git hooks call. Whatever happens, the exit status is 0: a commit is never blocked by us. What could not be
 * done is said in one line and left to the next command.
 */
export async function run(argv: string[], context: Context): Promise<number> {
  const [name = '', ...words] = argv
  if (context.env.GIT_PROV_IN_HOOK) return 0
  // A git process that never answers must not hold up the user's commit for ever; what is in the spool is not lost.
  if (name !== 'background' && name !== 'finish') setTimeout(() => process.kill(process.pid), longest).unref()
  try {
    await act(name, words, context)
  } catch (error) {
    complain(context, error, name === 'pre-push' ? 'not shared' : 'not captured')
  }
  return 0
}

async function act(name: string, words: string[], context: Context): Promise<void> {
  const repository = context.repository()
  const fed = name === 'post-commit' && words[0] === '--fed'
  const objects = new ObjectReader(repository, fed ? readFeed() : undefined)
  try {
    if (name === 'post-commit') await afterCommit(context, objects)
    else if (name === 'post-applypatch') await afterPatch(context, objects)
    else if (name === 'post-merge') await afterMerge(context, objects)
    else if (name === 'pre-push') await (await import('../share/in-hook.ts')).shareBeforePush(context, words[0])
    else if (name === 'post-rewrite') await afterRewrite(context, objects, words[0] ?? '')
    else if (name === 'background') await inBackground(context, objects, words[0])
    else if (name === 'finish') await finishPending(context, objects)
  } finally {
    objects.close()
  }
}

/** The steps of a rebase are no commits to keep; post-rewrite tells of the ones that are. */
async function afterCommit(context: Context, objects: ObjectReader): Promise<void> {
  if (!isRebasing(context.repository())) await captureHead(context, objects, { trigger: 'post-commit' })
}

/** What a merge or a pull brings may be decisions, on the default branch: they are on the record from then on. */
async function afterMerge(context: Context, objects: ObjectReader): Promise<void> {
  await sweep(context, objects, { late: false, trigger: 'post-merge' }).then(show(context, objects))
  // What a commit does not need is loaded only here: it would be a quarter of a start of node for every commit.
  const { joinAfterPull } = await import('../share/in-hook.ts')
  const { catchUpDecisions } = await import('../decisions/record/catch-up.ts')
  await joinAfterPull(context, objects)
  await catchUpDecisions(context, objects)
}

/** `git am` leaves a patch's commit at HEAD; the apply backend of rebase runs the same hook for a step of its own. */
async function afterPatch(context: Context, objects: ObjectReader): Promise<void> {
  if (existsSync(join(context.repository().gitDir, 'rebase-apply', 'rebasing'))) return
  await captureHead(context, objects, { trigger: 'post-applypatch' })
}

async function captureHead(
  context: Context,
  objects: ObjectReader,
  chosen: { trigger: 'post-commit' | 'post-applypatch' | 'background'; committedAt?: bigint; unhurried?: true },
): Promise<void> {
  const repository = context.repository()
  const ahead = startWrites(repository)
  try {
    // Not awaited here: the environment is looked at while git answers.
    const heads = objects.read('HEAD').then((head) => (head ? [head.oid] : []))
    const branch = currentBranch(repository)
    const status = beginStatus(repository, localDir(repository).cache)
    const recorded = await recordCaptures(context, objects, heads, {
      ...chosen,
      late: false,
      ahead,
      isNew: true,
      ...(status && { status }),
      ...(branch && { branch }),
    })
    await show(context, objects)(recorded)
  } finally {
    await dropWrites(ahead)
  }
  await sweepQueue(context, objects)
}

/** Hooks that could not find node leave a line in the queue: their commits are looked for now. */
async function sweepQueue(context: Context, objects: ObjectReader): Promise<void> {
  const queue = join(localDir(context.repository()).path, 'queue')
  if (!existsSync(queue)) return
  await show(context, objects)(await sweep(context, objects, { late: true, trigger: 'command' }))
  rmSync(queue, { force: true })
}

async function afterRewrite(context: Context, objects: ObjectReader, by: string): Promise<void> {
  // A squash or fixup within a rebase amends a step; the rebase tells of its outcome when it is done.
  if (by === 'amend' && isRebasing(context.repository())) return
  const { readRewrittenPairs } = await import('../capture/rewritten-pairs.ts')
  const rewritten = await readRewrittenPairs(context)
  const newest = rewritten.at(-1)?.to
  const head = newest && (await objects.read(newest))
  if (!head) return
  const { oid, tree, parents, committer } = parseCommit(head)
  const stored = buildRecord<Rewrite>(
    {
      kind: 'rewrite',
      agent: { name: committer.name, email: committer.email },
      about: { commit: oid, tree, parents },
      by: by.slice(0, 64) || 'unknown',
      rewritten: rewritten as Rewrite['rewritten'],
    },
    context.now(),
  )
  const rewrittenFrom = new Map<string, string[]>()
  for (const { from, to } of rewritten) rewrittenFrom.set(to, [...(rewrittenFrom.get(to) ?? []), from])
  const fresh = await withoutCapture(context, objects, [...rewrittenFrom.keys()])
  const recorded = await recordCaptures(context, objects, fresh, {
    trigger: 'post-rewrite',
    late: false,
    rewrittenFrom,
    extra: [{ record: stored }],
  })
  if (by !== 'amend') await show(context, objects)(recorded)
}

async function withoutCapture(context: Context, objects: ObjectReader, oids: readonly string[]): Promise<string[]> {
  const settings = readSettings(context.repository())
  const fresh: string[] = []
  for (const oid of oids) if (!(await readCapture({ objects, settings }, oid))) fresh.push(oid)
  return fresh
}

/** `stamp` was touched by the hook when the commit was made; what changed later is told apart. */
async function inBackground(context: Context, objects: ObjectReader, stamp: string | undefined): Promise<void> {
  const committedAt = stamp ? statSync(stamp, { bigint: true, throwIfNoEntry: false })?.mtimeNs : undefined
  await sweep(context, objects, {
    late: false,
    trigger: 'background',
    unhurried: true,
    ...(committedAt && { committedAt }),
  })
  if (stamp) rmSync(stamp, { force: true })
  await finishPending(context, objects)
}

/** Prints a line for each capture, unless prov.quiet; starts the worker when something is pending. */
function show(context: Context, objects: ObjectReader): (recorded: Recorded) => Promise<void> {
  return async ({ captured, where }) => {
    const repository = context.repository()
    const { quiet, branchRef } = readSettings(repository)
    for (const one of quiet ? [] : captured) {
      const from = one.stored.record.changed?.environment
      const previous = from && one.environment ? await readEnvironment(objects, branchRef, from) : undefined
      context.stderr.write(`${lineOf(one, previous)}\n`)
    }
    if (where === 'spooled')
      context.stderr.write('prov: the ledger is busy; this is kept and folded by the next command\n')
    if (captured.some(isPending)) startWorker(context)
  }
}

const isPending = ({ stored }: Captured) =>
  Object.values(stored.record.datasets).some(({ state }) => state === 'pending')

function lineOf(captured: Captured, previous: Awaited<ReturnType<typeof readEnvironment>>): string {
  const line = renderCaptureLine({
    record: captured.stored.record,
    environment: captured.environment?.environment,
    previous,
  })
  return isPending(captured) ? `${line}, finishing behind you (git prov status)` : line
}

function complain(context: Context, error: unknown, what: string): void {
  const hint = error instanceof ProvError && error.hint ? `; ${error.hint}` : '; git prov doctor'
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
  context.stderr.write(`${escapeLine(`prov: ${what}: ${messageOf(error)}${cause}${hint}`)}\n`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
