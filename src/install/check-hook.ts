import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../git/repository.ts'
import { detectManager, hooksFolder } from './hooks.ts'
import type { Journal } from './journal.ts'

const begin = '# git-prov check: begin'
const end = '# git-prov check: end'

/**
 * The optional part of the pre-commit hook. Only a finding stops the commit (exit status 1): a bug of ours, or a
 * missing git-prov, does not.
 */
const block = `${begin}
if command -v git-prov >/dev/null 2>&1; then
  git-prov check --staged --quiet
  [ $? -ne 1 ] || { echo 'prov: git commit --no-verify commits anyway' >&2; exit 1; }
fi
${end}
`

/**
 * Adds the check to the pre-commit hook, before its other content. Returns what to report; undefined when nothing
 * changed.
 */
export function installCheckHook(repository: Repository, journal: Journal): string | undefined {
  const manager = detectManager(repository)
  const command = 'git-prov check --staged --quiet'
  if (manager === 'lefthook' || manager === 'pre-commit')
    return `add to ${manager}'s configuration, hook pre-commit: ${command}`
  const path = hookPath(repository, manager)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text.includes(begin)) return undefined
  const shebang = text.match(/^#!.*\n/)?.[0]
  if (shebang && !/\b(sh|bash|dash|zsh|ksh)\b/.test(shebang))
    return `the pre-commit hook is not a shell script; call this from it: ${command}`
  const head = shebang ?? (manager === 'husky' ? '' : '#!/bin/sh\n')
  journal.write(path, head + block + text.slice(shebang?.length ?? 0), 0o755)
  return 'git prov check runs before each commit, on what it changes'
}

/** Removes the check from the hook. */
export function uninstallCheckHook(repository: Repository, journal: Journal): void {
  const path = hookPath(repository, detectManager(repository))
  if (!existsSync(path) || journal.restore(path)) return
  const text = readFileSync(path, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(`${end}\n`)]
  if (from >= 0 && to >= 0) journal.write(path, text.slice(0, from) + text.slice(to + end.length + 1))
}

function hookPath(repository: Repository, manager: string): string {
  return manager === 'husky'
    ? join(repository.workTree as string, '.husky/pre-commit')
    : join(hooksFolder(repository), 'pre-commit')
}
