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

/** What every new decision begins with. */
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
 * Writes a decision's file, with the fields its role owes to fill in, and the schema beside it. `top` is the top of the
 * work tree; returns the file from there. Throws `usage` for a field that cannot be.
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
