import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { unsignedWarning } from '../capture/record-captures.ts'
import { append, type WritesAhead } from '../ledger/append/fold.ts'
import { type Entry, listSpool, readSpool } from '../ledger/append/spool.ts'
import { recordPath } from '../records/layout.ts'
import type { Scene } from './session.ts'

/**
 * Appends a record of a run. A ledger that cannot be written to is said in one line and stands in no command's way:
 * then false. What has reached the spool is safe, and folded by the next command.
 */
export async function appendRun(scene: Scene, entry: Entry, ident: string, ahead: WritesAhead): Promise<boolean> {
  const { repository, objects, context } = scene
  try {
    await append(repository, [entry], {
      ident,
      objects,
      deadline: Date.now() + 10_000,
      ahead,
      onUnsigned: unsignedWarning(context),
    })
    return true
  } catch (error) {
    if (!isSpooled(scene, entry)) {
      complain(scene, error)
      return false
    }
    tellKept(scene, error)
    return true
  }
}

/** What is in the spool could not be folded: nothing is lost. */
export function tellKept({ context }: Pick<Scene, 'context'>, error: unknown): void {
  context.stderr.write(`${escapeLine(`prov: kept, and folded by the next command: ${causeOf(error)}`)}\n`)
}

function isSpooled({ local }: Scene, { record: { id, record } }: Entry): boolean {
  const path = recordPath(record.kind, record.time, id)
  return listSpool(local).some((file) => readSpool(file)?.some((item) => item.recordPath === path))
}

function causeOf(error: unknown): string {
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
  return `${messageOf(error)}${cause}`
}

export function complain({ context }: Pick<Scene, 'context'>, error: unknown): void {
  const hint = error instanceof ProvError && error.hint ? error.hint : 'git prov doctor'
  context.stderr.write(`${escapeLine(`prov: run not recorded: ${causeOf(error)}; ${hint}`)}\n`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
