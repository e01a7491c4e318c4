import { lstatSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { staysInside } from '../../base/inside-path.ts'

/**
 * A path of a record below a folder, absolute; undefined when it would lead out of it: by what it says, or by a
 * symbolic link on the way. Records and repositories come from strangers.
 */
export function insideOf(top: string, path: string): string | undefined {
  if (!staysInside(path)) return undefined
  const whole = join(top, path)
  const real = realpathSync(top)
  for (let at = whole; ; at = dirname(at)) {
    const there = lstatSync(at, { throwIfNoEntry: false })
    if (there === undefined) continue
    // A link at the very end may lead anywhere: it is replaced, not followed.
    if (at === whole && there.isSymbolicLink()) continue
    const found = realpathSync(at)
    return found === real || found.startsWith(`${real}/`) ? whole : undefined
  }
}
