import { join } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { missing } from '../../base/missing.ts'
import type { Collector } from './collector.ts'
import { readText } from './text-file.ts'

/** What a lock file says. Versions that are not text are left out. */
interface Locked {
  /** Of the language itself. */
  version?: unknown
  packages: readonly (readonly [name: string, version: unknown])[]
}

/**
 * An ecosystem whose lock file at the top of the work tree says it all. `read` may throw: the error is then the reason that
 * stands in the record.
 */
export function byLockFile(
  name: string,
  file: string,
  read: (text: string) => Locked | Promise<Locked>,
  absent = `no ${file}`,
): Collector {
  return {
    half: 'software',
    name,
    keys: ({ root }) => [join(root, file)],
    async collect({ root }) {
      const text = readText(join(root, file))
      if (text === undefined) return missing(absent)
      try {
        const { version, packages } = await read(text)
        const named = packages.filter(([, one]) => typeof one === 'string')
        return { ...(typeof version === 'string' && { version }), packages: Object.fromEntries(named), from: file }
      } catch (error) {
        return missing(`${file} cannot be read: ${messageOf(error)}`)
      }
    },
  }
}
