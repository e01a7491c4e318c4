import { join } from 'node:path'
import { missing } from '../../base/missing.ts'
import type { Collector } from './collector.ts'
import { readJson } from './text-file.ts'

/** R by renv's lock file (renv.lock, JSON): the version of R and every package. */
export const r: Collector = {
  half: 'software',
  name: 'r',
  keys: ({ root }) => [join(root, 'renv.lock')],
  collect({ root }) {
    const lock = readJson(join(root, 'renv.lock')) as
      | { R?: { Version?: unknown }; Packages?: Record<string, { Version?: unknown }> }
      | undefined
    if (!lock) return missing('no renv.lock that can be read')
    const packages = Object.entries(lock.Packages ?? {}).flatMap(([name, entry]) =>
      typeof entry?.Version === 'string' ? [[name, entry.Version] as const] : [],
    )
    const version = lock.R?.Version
    return {
      ...(typeof version === 'string' && { version }),
      packages: Object.fromEntries(packages),
      from: 'renv.lock',
    }
  },
}
