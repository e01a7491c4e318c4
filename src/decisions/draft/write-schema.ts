import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../../base/files.ts'
import { decisionsFolder } from '../model/slug.ts'
import { schemaFileName } from '../model/template.ts'

/**
 * Puts the schema beside the decision files, to be committed with them, so that editors complete and check them
 * offline, in every clone and on a forge. It changes only with a new version of the format.
 */
export async function writeDecisionSchema(top: string): Promise<void> {
  const { schemaTexts } = await import('../../generated/schema-texts.ts')
  const path = join(top, decisionsFolder, schemaFileName)
  const text = schemaTexts['decision-file.v1.schema.json'] as string
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeAtomically(path, text)
}
