import { classifyPath } from '../layout.ts'

/** The kinds of record that let files go from the branch. */
export const removingKinds = ['archive', 'redaction'] as const

/**
 * The paths that a record of these kinds lets go: its field `removes`. A record of these kinds never goes itself, nor do
 * README and schemas: what was let go stays let go, whatever is joined in which order.
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
