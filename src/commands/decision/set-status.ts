import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import type { Context } from '../../context.ts'
import { editStatus } from '../../decisions/draft/set-status.ts'
import type { DecisionStatus } from '../../decisions/model/decision.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision propose|accept|reject <id>`: edits the status in the file; comments and order are kept. */
export const setStatus =
  (status: DecisionStatus) =>
  async ({ words: [word, ...rest] }: ParsedWords, context: Context): Promise<number> => {
    if (word === undefined || rest.length > 0)
      throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
    for await (const { file, status: now, changed } of editStatus(context, word, status))
      context.stdout.write(`${escapeLine(file)}  ${now}${changed ? '' : ' already'}\n`)
    return 0
  }
