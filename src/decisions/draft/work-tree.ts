import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'

/** The top of the work tree. Throws `usage` in a bare repository. */
export function workTreeOf(context: Context): string {
  const { workTree } = context.repository()
  if (workTree) return workTree
  throw new ProvError('usage', 'a bare repository has no decision files', { hint: 'run it in a clone' })
}
