import { ProvError } from '../base/errors.ts'
import { readPrefetched } from '../capture/prefetch.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { causeOf } from '../recording/report.ts'
import { sayOnce } from '../recording/say-once.ts'
import type { HookCall } from './hook-call.ts'
import { afterPatch } from './post-applypatch.ts'
import { afterCommit } from './post-commit.ts'
import { afterMerge } from './post-merge.ts'
import { afterRewrite } from './post-rewrite.ts'
import { beforePush } from './pre-push.ts'

/** Every name we are called by: git's hooks, and the two names of our background worker. */
const calls: Readonly<Record<string, HookCall>> = {
  'post-commit': afterCommit,
  'post-applypatch': afterPatch,
  'post-rewrite': afterRewrite,
  'post-merge': afterMerge,
  'pre-push': beforePush,
  // Off the user's path: in bundles of their own.
  background: async (...call) => (await import('./background.ts')).inBackground(...call),
  finish: async (context, objects) => (await import('../capture/finish-pending.ts')).finishPending(context, objects),
}

/** ms a hook may take in all, whatever the capture budget. */
const longest = 60_000

/**
 * Entry point of the hook scripts. Never throws: provenance must not block a commit. What could not be done is reported
 * in one line and left to the next command.
 */
export async function answerHook([name = '', ...words]: readonly string[], context: Context): Promise<void> {
  if (context.env.GIT_PROV_IN_HOOK) return
  // A git process that hangs must not hold up the user's commit forever; what is in the spool is not lost.
  if (name !== 'background' && name !== 'finish') setTimeout(() => process.kill(process.pid), longest).unref()
  try {
    await act(name, words, context)
  } catch (error) {
    complain(context, error, name === 'pre-push' ? 'not shared' : 'not captured')
  }
}

async function act(name: string, words: readonly string[], context: Context): Promise<void> {
  const isFed = name === 'post-commit' && words[0] === '--fed'
  const objects = new ObjectReader(context.repository(), isFed ? readPrefetched() : undefined)
  try {
    if (Object.hasOwn(calls, name)) await calls[name]?.(context, objects, words)
  } finally {
    objects.close()
  }
}

function complain(context: Context, error: unknown, what: string): void {
  const hint = error instanceof ProvError && error.hint ? `; ${error.hint}` : '; git prov doctor'
  sayOnce(context, `${what}: ${causeOf(error)}${hint}`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
