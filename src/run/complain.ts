import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { causeOf } from '../recording/report.ts'
import type { Session } from './session.ts'

/** A ledger that cannot be written to stands in no command's way: it is said in one line. */
export function complain({ context }: Pick<Session, 'context'>, error: unknown): void {
  const hint = error instanceof ProvError && error.hint ? error.hint : 'git prov doctor'
  context.stderr.write(`${escapeLine(`prov: run not recorded: ${causeOf(error)}; ${hint}`)}\n`)
  if (context.env.GIT_PROV_DEBUG === '1' && error instanceof Error) context.stderr.write(`${error.stack}\n`)
}
