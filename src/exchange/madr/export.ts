import { join, resolve } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { writeAtomically } from '../../base/files.ts'
import { readDecisionFiles } from '../../decisions/draft/decision-files.ts'
import { findDraft } from '../../decisions/draft/find-draft.ts'
import type { DecisionDraft } from '../../decisions/model/decision.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { ExportRequest } from '../export-request.ts'
import { formatMadr } from './format.ts'
import { namesOf } from './links.ts'

/** `git prov export decision <id>... --madr`. */
export async function exportMadr({ context, words, output }: ExportRequest): Promise<number> {
  const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
  const known = new Map(drafts.flatMap((draft) => namesOf(nameOf(draft)).map((name) => [name, draft.slug] as const)))
  for (const draft of words.map((word) => findDraft(drafts, word))) {
    const { decision, file, problems, slug } = draft
    if (!decision)
      throw new ProvError('config', `${file}:${problems[0]?.line}:${problems[0]?.column}: ${problems[0]?.message}`, {
        hint: 'git prov check',
      })
    const text = await formatMadr(decision, { known, own: slug })
    if (output === undefined) context.stdout.write(text)
    else {
      const path = join(resolve(context.cwd, output), nameOf(draft))
      writeAtomically(path, text)
      context.stdout.write(`${escapeLine(path)}\n`)
    }
  }
  return 0
}

/** The file name it was imported with, else a new one. */
function nameOf({ decision, slug }: DecisionDraft): string {
  const given = decision?.markdown?.file
  return given && /^[^/\\]+\.(md|markdown)$/i.test(given) && !given.startsWith('.') ? given : `${slug}.md`
}
