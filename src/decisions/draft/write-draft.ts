import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { writeAtomically } from '../../base/files.ts'
import type { Context } from '../../context.ts'
import { authorOf } from '../../git/ident.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { DecisionFile } from '../model/decision.ts'
import { parseDecision } from '../model/parse.ts'
import type { Role } from '../model/roles.ts'
import { decisionsFolder, slugFor } from '../model/slug.ts'
import { writeTemplate } from '../model/template.ts'
import { readDecisionFiles } from './decision-files.ts'
import { writeDecisionSchema } from './write-schema.ts'

/** The fields that every new decision starts with. */
export function beginDecision(context: Context, role: Role): DecisionFile {
  const author = authorOf(context.repository(), context.env)
  return {
    title: '',
    status: 'draft',
    date: context.now().toISOString().slice(0, 10),
    ...(role.name && { role: role.name }),
    ...(author && { deciders: [author] }),
  }
}

/**
 * Writes a decision file with the fields its role requires left to fill in, and a copy of the schema beside it. `top`
 * is the top of the work tree; returns the file's path from there. Throws `usage` for an invalid field.
 */
export async function writeDraft(context: Context, top: string, role: Role, decision: DecisionFile): Promise<string> {
  const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
  const slug = slugFor(decision.title, new Set(drafts.map((draft) => draft.slug)))
  const file = `${decisionsFolder}/${decision.date}-${slug}.yaml`
  const text = await writeTemplate(role, decision)
  const [problem] = (await parseDecision(Buffer.from(text), file)).problems.filter(
    ({ message }) => !message.includes('not nothing'),
  )
  if (problem) throw new ProvError('usage', problem.message, { hint: problem.hint })
  writeAtomically(join(top, file), text)
  await writeDecisionSchema(top)
  return file
}
