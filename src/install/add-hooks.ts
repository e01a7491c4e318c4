import type { Context } from '../context.ts'
import { hookPlace } from './hook-place.ts'
import { detectManager, type HookManager, installHooks } from './hooks.ts'
import type { Journal } from './journal.ts'

/**
 * Installs the hooks where there is a work tree to commit from. Returns what to report; empty when all were installed.
 */
export async function addHooks(context: Context, journal: Journal): Promise<string[]> {
  const repository = context.repository()
  if (!repository.workTree) return []
  const changed = await installHooks(repository, journal, hookPlace(context))
  return changed ? [words[detectManager(repository)]] : []
}

const words: Record<HookManager, string> = {
  git: 'hooks installed',
  husky: 'hooks added to .husky/ (commit them: the team shares that folder)',
  lefthook: 'hooks installed beside lefthook; run: lefthook install',
  'pre-commit': 'hooks installed beside pre-commit',
  'shared folder': 'hooks installed beside your own (core.hooksPath)',
}
