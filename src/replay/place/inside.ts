import { lstatSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { staysInside } from '../../base/inside-path.ts'

/**
 * A path from a record as an absolute path below a folder; undefined if it would escape the folder, by `..` or through a
 * symbolic link. Records and repositories are untrusted.
 */
export function insideOf(top: string, path: string): string | undefined {
  if (!staysInside(path)) return undefined
  const whole = join(top, path)
  const real = realpathSync(top)
  for (let at = whole; ; at = dirname(at)) {
    const there = lstatSync(at, { throwIfNoEntry: false })
    if (there === undefined) continue
    // A link as the last component may point anywhere: it is replaced, not followed.
    if (at === whole && there.isSymbolicLink()) continue
    const found = realpathSync(at)
    return found === real || found.startsWith(`${real}/`) ? whole : undefined
  }
}
