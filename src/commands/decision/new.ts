import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { chooseRole } from '../../decisions/draft/choose-role.ts'
import { askThrough } from '../../decisions/draft/guide.ts'
import { readFields } from '../../decisions/draft/read-fields.ts'
import { workTreeOf } from '../../decisions/draft/work-tree.ts'
import { beginDecision, writeDraft } from '../../decisions/draft/write-draft.ts'
import { resolveEvidence } from '../../decisions/evidence/resolve-evidence.ts'
import { parseShorthand } from '../../decisions/model/shorthand.ts'
import { openEditor } from '../../terminal/output.ts'
import type { ParsedWords } from '../../terminal/words.ts'

/** `git prov decision new <title>`: writes a decision file to fill in, and opens it on a terminal. */
export async function newDecision({ flags, words }: ParsedWords, context: Context): Promise<number> {
  const top = workTreeOf(context)
  const terminal = context.stdin.isTTY === true && context.stdout.isTTY === true
  if (flags.guide && !terminal)
    throw new ProvError('usage', '--guide needs a terminal', {
      hint: "answer with --set why='…'",
    })
  const given = flags.from === undefined ? {} : await readFields(context, String(flags.from))
  const shorthand = parseShorthand((flags.set ?? []) as string[])
  const role = await chooseRole(context, flags.role ?? shorthand.fields.role ?? given.role)
  const title = words.join(' ').trim() || shorthand.fields.title || given.title
  if (!title)
    throw new ProvError('usage', 'a decision needs a title', {
      hint: 'git prov decision new "Use focal loss for the rare class"',
    })
  const answers = flags.guide
    ? await askThrough(context, role, { ...given, ...shorthand.fields })
    : { fields: {}, evidence: [] }
  const named = [...shorthand.evidence, ...answers.evidence]
  const evidence = [...(given.evidence ?? []), ...(await resolveEvidence(context, named))]
  const file = await writeDraft(context, top, role, {
    ...beginDecision(context, role),
    ...given,
    ...shorthand.fields,
    ...answers.fields,
    ...(evidence.length > 0 && { evidence }),
    title,
  })
  context.stdout.write(`${file}\n`)
  if (terminal && !flags['no-edit'] && !flags.guide) await openEditor(context, join(top, file))
  return 0
}
