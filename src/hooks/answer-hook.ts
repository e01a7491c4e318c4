import { ProvError } from '../base/errors.ts'
import { readPrefetched } from '../capture/prefetch.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { causeOf } from '../recording/report.ts'
import { sayOnce } from '../recording/say-once.ts'
import type { HookCall } from './hook-call.ts'
import { afterPatch } from './post-applypatch.ts'
import { afterCommit } from './post-commit.ts'
import { afterRewrite } from './post-rewrite.ts'
import { beforePush } from './pre-push.ts'

/** Every name we are called by: git's hooks, and the two of the worker behind a commit. */
const calls: Readonly<Record<string, HookCall>> = {
  'post-commit': afterCommit,
  'post-applypatch': afterPatch,
  'post-rewrite': afterRewrite,
  // What is not done for every commit is a bundle of its own, loaded when git calls for it.
  'post-merge': async (context, objects) => (await import('./post-merge.ts')).afterMerge(context, objects),
  'pre-push': beforePush,
  background: async (...call) => (await import('./background.ts')).inBackground(...call),
  finish: async (context, objects) => (await import('../capture/finish-pending.ts')).finishPending(context, objects),
}

/** ms a hook may take in all, whatever the budget says. */
const longest = 60_000

/**
 * What the hook scripts start. Whatever happens, nothing is thrown: a commit is never blocked by us. What could not be
 * done is said in one line and left to the next command.
 */
export async function answerHook([name = '', ...words]: readonly string[], context: Context): Promise<void> {
  if (context.env.GIT_PROV_IN_HOOK) return
  // A git process that never answers must not hold up the user's commit for ever; what is in the spool is not lost.
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
