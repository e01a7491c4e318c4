import { join } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { missing } from '../../base/missing.ts'
import type { Collector } from './collector.ts'
import { readText } from './text-file.ts'

/** Julia by Manifest.toml (Pkg manifest formats 1 and 2). */
export const julia: Collector = {
  half: 'software',
  name: 'julia',
  keys: ({ root }) => [join(root, 'Manifest.toml')],
  async collect({ root }) {
    const text = readText(join(root, 'Manifest.toml'))
    if (text === undefined) return missing('no Manifest.toml')
    const { parse } = await import('smol-toml')
    try {
      const manifest = parse(text) as { julia_version?: unknown; deps?: object }
      const version = manifest.julia_version
      const packages = listed(manifest.deps ?? manifest)
      return { ...(typeof version === 'string' && { version }), packages, from: 'Manifest.toml' }
    } catch (error) {
      return missing(`Manifest.toml cannot be read: ${messageOf(error)}`)
    }
  },
}

function listed(deps: object): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, entries] of Object.entries(deps)) {
    const first = Array.isArray(entries) ? (entries[0] as { version?: unknown } | undefined) : undefined
    if (typeof first?.version === 'string') found[name] = first.version
  }
  return found
}
