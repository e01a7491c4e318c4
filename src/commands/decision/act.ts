import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import type { Context } from '../../context.ts'
import { type ActionOnRecord, actOn } from '../../decisions/record/act.ts'
import type { ParsedWords } from '../../terminal/words.ts'

const verbs = { superseded: 'supersede', withdrawn: 'withdraw', reopened: 'reopen' } as const

/** `git prov decision supersede|withdraw|reopen <id>`: writes a record; the file is not changed. */
export const act =
  (action: ActionOnRecord) =>
  async ({ flags, words: [word, ...rest] }: ParsedWords, context: Context): Promise<number> => {
    const reason = flags.message as string | undefined
    if (word === undefined || rest.length > 0)
      throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
    if (!reason?.trim())
      throw new ProvError('usage', `-m is required: why it is ${action}`, {
        hint: `git prov decision ${verbs[action]} ${word} -m '…'`,
      })
    const { slug, by } = await actOn(context, action, {
      word,
      reason: reason.trim(),
      ...(flags.by !== undefined && { by: String(flags.by) }),
    })
    context.stdout.write(`prov: ${escapeLine(slug)} ${action}${by === undefined ? '' : ` by ${escapeLine(by)}`}\n`)
    return 0
  }
