import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookName } from './hook-script.ts'
import type { Journal } from './journal.ts'

const configs = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', 'lefthook.toml', 'lefthook.json']
const localConfig = 'lefthook-local.yml'

/**
 * Whether lefthook's configuration has this hook (or, without a name, exists at all), so that lefthook writes the hook.
 */
export function lefthookManages(top: string, name?: HookName): boolean {
  const found = configs.map((file) => join(top, file)).find((file) => existsSync(file))
  if (!found || !name) return found !== undefined
  return new RegExp(`^\\s*["\\[]?${name}\\b`, 'm').test(readFileSync(found, 'utf8'))
}

/** Adds our job to lefthook's local configuration, which is merged over the shared one; comments are kept. */
export async function addLefthookJob(journal: Journal, top: string, name: HookName): Promise<boolean> {
  const { parseDocument } = await import('yaml')
  const path = join(top, localConfig)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const command = `git-prov hook ${name} {0}`
  if (text.includes(command)) return false
  const document = parseDocument(text)
  const job = { name: 'git-prov', run: command, ...(name === 'post-rewrite' && { use_stdin: true }) }
  const jobs = document.getIn([name, 'jobs']) as { toJSON?(): unknown } | undefined
  if (jobs) document.addIn([name, 'jobs'], job)
  else document.setIn([name, 'jobs'], document.createNode([job]))
  return journal.write(path, String(document))
}

export function removeLefthookJobs(journal: Journal, top: string): void {
  journal.restore(join(top, localConfig))
}
