import type { Collector } from './collector.ts'
import { byLockFile } from './lock-file.ts'

/** Julia by Manifest.toml (Pkg manifest formats 1 and 2): of a name with several entries, the first. */
export const julia: Collector = byLockFile('julia', 'Manifest.toml', async (text) => {
  const { parse } = await import('smol-toml')
  const manifest = parse(text) as { julia_version?: unknown; deps?: object }
  return {
    version: manifest.julia_version,
    packages: Object.entries(manifest.deps ?? manifest).map(([name, entries]) => [name, entries?.[0]?.version]),
  }
})
