import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { writeAtomically } from '../base/files.ts'
import type { Context } from '../context.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import type { DecisionAction } from './action.ts'
import { readDecisionFiles } from './draft/decision-files.ts'
import { findDraft } from './draft/find-draft.ts'
import type { DecisionDraft, DecisionStatus } from './model/decision.ts'
import { addToList, setMember } from './model/edit.ts'
import { workTreeOf } from './new.ts'

/** `git prov decision propose|accept|reject <id>`: edits the file, and nothing else; its comments and order stay. */
export function setStatus(status: DecisionStatus): DecisionAction {
  return async ({ words: [word, ...rest] }, context) => {
    if (word === undefined || rest.length > 0)
      throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
    const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
    const draft = findDraft(drafts, word)
    const { decision } = draft
    if (!decision) throw unreadable(draft)
    await edit(context, draft.file, (text) => setMember(text, 'status', status))
    const old = status === 'accepted' ? drafts.filter(({ slug }) => decision.supersedes?.includes(slug)) : []
    for (const one of old) await supersede(context, one, draft.slug)
    return 0
  }
}

function unreadable({ file, problems: [problem] }: DecisionDraft): ProvError {
  return new ProvError('config', `${file}:${problem?.line}:${problem?.column}: ${problem?.message}`, {
    hint: problem?.hint ?? 'git prov check',
  })
}

async function edit(context: Context, file: string, change: (text: string) => Promise<string>): Promise<void> {
  const path = join(workTreeOf(context), file)
  const before = readFileSync(path, 'utf8')
  const after = await change(before)
  if (after !== before) writeAtomically(path, after)
  const status = after.match(/^status: *(\S+)/m)?.[1]
  context.stdout.write(`${escapeLine(file)}  ${status}${after === before ? ' already' : ''}\n`)
}

/** What an accepted decision takes the place of says so itself, so that a reader of either finds the other. */
async function supersede(context: Context, { file }: DecisionDraft, by: string): Promise<void> {
  await edit(context, file, async (text) =>
    addToList(await setMember(text, 'status', 'superseded'), 'superseded_by', by),
  )
}
