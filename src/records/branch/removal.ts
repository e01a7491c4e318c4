import { classifyPath } from '../layout.ts'

/** The kinds of record that remove files from the branch. */
export const removingKinds = ['archive', 'redaction'] as const

/**
 * The paths that a record of these kinds removes: its field `removes`. Such records are never removed themselves, nor are
 * README and schemas, so what was removed stays removed, in whatever order branches are joined.
 */
export function removedPaths(record: unknown): string[] {
  const { kind, removes } = (record ?? {}) as { kind?: unknown; removes?: unknown }
  if (!removingKinds.includes(kind as (typeof removingKinds)[number]) || !Array.isArray(removes)) return []
  return removes.filter((path): path is string => typeof path === 'string' && mayGo(path))
}

export function mayGo(path: string): boolean {
  const file = classifyPath(path)
  if (!file || file.kind === 'readme' || file.kind === 'schema') return false
  return file.kind !== 'record' || !removingKinds.includes(file.recordKind as (typeof removingKinds)[number])
}
