import type { Redactor } from '../privacy/redact.ts'
import type { Clean } from './imported-run.ts'

/**
 * Redacts home folders, user names and secrets in what other tools recorded; `name` is the name of the value, if it has
 * one.
 */
export function toClean(redactor: Redactor): Clean {
  return (text, where, name) =>
    (name === undefined ? redactor.redact(text, where) : redactor.redactValue(name, text, where)).text
}
