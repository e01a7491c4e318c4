import type { Redactor } from '../privacy/redact.ts'
import type { Clean } from './imported-run.ts'

/** Takes home folders, user names and secrets out of what other tools wrote down; `name` is what a text is the value of. */
export function toClean(redactor: Redactor): Clean {
  return (text, where, name) =>
    (name === undefined ? redactor.redact(text, where) : redactor.redactValue(name, text, where)).text
}
