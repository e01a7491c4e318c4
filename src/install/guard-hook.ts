import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { writeAtomically } from '../base/files.ts'
import type { Repository } from '../git/repository.ts'
import type { HookPlace } from './hook-script.ts'

const hint = 'who owns the repository?'
const mark = '# git-prov guard:'
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * A server's pre-receive hook. When node or git-prov is missing it accepts pushes without provenance and rejects the
 * others: a missing guard protects nothing.
 */
function script({ node, hook }: HookPlace, before: string, branchRef: string): string {
  const cli = join(hook, '../git-prov.cjs')
  return `#!/bin/sh
${mark} holds pushes of provenance to the policy. Written by \`git prov guard install\`.
node=${quote(node)}
cli=${quote(cli)}
input=$(cat)
before=${quote(before)}
if [ -x "$before" ]; then printf '%s\\n' "$input" | "$before" || exit $?; fi
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
if [ -x "$node" ] && [ -f "$cli" ]; then
  printf '%s\\n' "$input" | "$node" "$cli" guard receive
  exit $?
fi
case $input in *${branchRef}* | *refs/prov/*)
  echo 'prov: refused: the guard of this server cannot run (git prov guard install)' >&2
  exit 1
esac
`
}

const pathOf = (repository: Repository) => join(repository.commonDir, 'hooks/pre-receive')

/** Installs the guard in front of an existing pre-receive hook. Returns whether anything changed. Throws `io`. */
export function installGuard(repository: Repository, place: HookPlace, branchRef: string): boolean {
  const path = pathOf(repository)
  const before = `${path}.before-git-prov`
  const text = script(place, before, branchRef)
  const now = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (now === text) return false
  if (now !== undefined && !now.includes(mark)) setAside(path, before)
  // Atomic, so that a concurrent push runs a complete hook or none.
  writeAtomically(path, text, { mode: 0o755, hint })
  return true
}

function setAside(path: string, before: string): void {
  try {
    renameSync(path, before)
  } catch (error) {
    throw new ProvError('io', `cannot rename ${path}: ${messageOf(error)}`, { cause: error, hint })
  }
}

/** Restores the previous hook. Returns false when the guard was not installed. */
export function uninstallGuard(repository: Repository): boolean {
  const path = pathOf(repository)
  if (!existsSync(path) || !readFileSync(path, 'utf8').includes(mark)) return false
  const before = `${path}.before-git-prov`
  if (existsSync(before)) renameSync(before, path)
  else rmSync(path)
  return true
}
