import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { writeAtomically } from '../../base/files.ts'
import type { Context } from '../../context.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { DecisionDraft, DecisionStatus } from '../model/decision.ts'
import { addToList, setMember } from '../model/edit.ts'
import { readDecisionFiles } from './decision-files.ts'
import { findDraft } from './find-draft.ts'
import { workTreeOf } from './work-tree.ts'

/** A decision file after its edit, and whether that changed it. */
interface EditedDraft {
  file: string
  status: string | undefined
  changed: boolean
}

/**
 * Writes a status into a decision file. Decisions that an accepted one supersedes are marked superseded, so that each
 * points to the other. Yields each file as soon as it is written. Throws `unknown-revision`, `ambiguous`, and `config`
 * for a file that cannot be read.
 */
export async function* editStatus(
  context: Context,
  word: string,
  status: DecisionStatus,
): AsyncGenerator<EditedDraft, void> {
  const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
  const draft = findDraft(drafts, word)
  const { decision } = draft
  if (!decision) throw unreadable(draft)
  const top = workTreeOf(context)
  yield await edit(top, draft, (text) => setMember(text, 'status', status))
  if (status !== 'accepted') return
  for (const old of drafts.filter(({ slug }) => decision.supersedes?.includes(slug)))
    yield await edit(top, old, async (text) =>
      addToList(await setMember(text, 'status', 'superseded'), 'superseded_by', draft.slug),
    )
}

function unreadable({ file, problems: [problem] }: DecisionDraft): ProvError {
  return new ProvError('config', `${file}:${problem?.line}:${problem?.column}: ${problem?.message}`, {
    hint: problem?.hint ?? 'git prov check',
  })
}

async function edit(
  top: string,
  { file }: DecisionDraft,
  change: (text: string) => Promise<string>,
): Promise<EditedDraft> {
  const path = join(top, file)
  const before = readFileSync(path, 'utf8')
  const after = await change(before)
  if (after !== before) writeAtomically(path, after)
  return { file, status: after.match(/^status: *(\S+)/m)?.[1], changed: after !== before }
}
