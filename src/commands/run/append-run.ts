import { messageOf, ProvError } from '../../core/errors.ts'
import { escapeLine } from '../../core/escape.ts'
import { append, type WritesAhead } from '../../ledger/fold.ts'
import type { Entry } from '../../ledger/spool.ts'
import type { Scene } from './scene.ts'

/**
 * Appends a record of a run. A ledger that cannot be written to is said in one line and stands in no command's way:
 * then false.
 */
export async function appendRun(scene: Scene, entry: Entry, ident: string, ahead: WritesAhead): Promise<boolean> {
  const { repository, objects } = scene
  try {
    await append(repository, [entry], { ident, objects, deadline: Date.now() + 10_000, ahead })
    return true
  } catch (error) {
    complain(scene, error)
    return false
  }
}

export function complain({ context }: Pick<Scene, 'context'>, error: unknown): void {
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
  const hint = error instanceof ProvError && error.hint ? error.hint : 'git prov doctor'
  context.stderr.write(`${escapeLine(`prov: run not recorded: ${messageOf(error)}${cause}; ${hint}`)}\n`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
