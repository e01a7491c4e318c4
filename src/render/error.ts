import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine, escapeText } from '../base/escape.ts'

interface ErrorStreams {
  stderr: NodeJS.WritableStream
  env: Readonly<Record<string, string | undefined>>
}

/** Prints what went wrong and what to run next on stderr. Returns the exit status. */
export function printError(error: unknown, { stderr, env }: ErrorStreams): number {
  const known = error instanceof ProvError && error.code !== 'bug'
  const lines = [`error: ${escapeLine(known ? error.message : `a bug in git-prov: ${messageOf(error)}`)}`]
  if (error instanceof ProvError) lines.push(...causeLines(error))
  if (known && error.hint) lines.push(`hint:  ${escapeText(error.hint)}`)
  if (!known) lines.push('hint:  report it with what you typed; GIT_PROV_DEBUG=1 shows the stack')
  if (env.GIT_PROV_DEBUG === '1' && error instanceof Error && error.stack) lines.push(escapeText(error.stack))
  stderr.write(`${lines.join('\n')}\n`)
  return error instanceof ProvError ? error.exitCode : 70
}

function causeLines(error: ProvError): string[] {
  if (typeof error.cause !== 'string' || error.cause === '') return []
  return error.cause
    .split('\n')
    .slice(0, 5)
    .map((line) => `       ${escapeText(line)}`)
}
