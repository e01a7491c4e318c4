import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './repository.ts'

/** Whether a rebase (or an am) is stopped or running in this work tree (gitrepository-layout(5)). */
export function isRebasing({ gitDir }: Repository): boolean {
  return existsSync(join(gitDir, 'rebase-merge')) || existsSync(join(gitDir, 'rebase-apply'))
}

/**
 * The rebase in progress: the commit it started on, and the commits squashed or fixed up into the previous one. Undefined
 * when there is none. (sequencer.c: `onto`, `done`; builtin/am.c: `onto`.)
 */
export function readRebase({ gitDir }: Repository): { onto: string | undefined; joined: string[] } | undefined {
  const folder = ['rebase-merge', 'rebase-apply'].map((name) => join(gitDir, name)).find((path) => existsSync(path))
  if (!folder) return undefined
  const joined = [...readOr(join(folder, 'done')).matchAll(/^(?:f|fixup|s|squash)(?: -[cC])? ([0-9a-f]{7,64})\b/gm)]
  return { onto: readOr(join(folder, 'onto')).trim() || undefined, joined: joined.map((match) => match[1] as string) }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
