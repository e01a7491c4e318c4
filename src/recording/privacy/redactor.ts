import type { Context } from '../../context.ts'
import { readRedactionKey } from '../../ledger/local/redaction-key.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { privateWords } from '../../privacy/private-words.ts'
import { makeRedactor, type Redactor, type RedactorInput } from '../../privacy/redact.ts'

/** What a team adds to the built-in rules: words, rules, and texts that are not secrets. */
export type PrivacyRules = Pick<RedactorInput, 'rules' | 'allow'> & { words?: readonly string[] }

/** The redactor for everything written in this repository. Throws `config`. */
export function redactorOf(context: Context, { rules = [], allow = [], words = [] }: PrivacyRules = {}): Redactor {
  const repository = context.repository()
  const key = readRedactionKey(repository, readSettings(repository))
  return makeRedactor({ words: { ...privateWords(context.env), words }, rules, allow, key })
}
