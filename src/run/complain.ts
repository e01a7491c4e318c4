import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { causeOf } from '../recording/report.ts'
import type { Session } from './session.ts'

/** Reports in one line that the ledger cannot be written to; the user's command goes on. */
export function complain({ context }: Pick<Session, 'context'>, error: unknown): void {
  const hint = error instanceof ProvError && error.hint ? error.hint : 'git prov doctor'
  context.stderr.write(`${escapeLine(`prov: run not recorded: ${causeOf(error)}; ${hint}`)}\n`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
