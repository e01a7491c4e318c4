import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'

/** The first argument is the remote's name (githooks(5), pre-push). */
export async function beforePush(context: Context, _: ObjectReader, [remote]: readonly string[]): Promise<void> {
  const { shareBeforePush } = await import('../share/in-hook.ts')
  await shareBeforePush(context, remote)
}
