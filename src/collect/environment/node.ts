import { existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { missing } from '../../base/missing.ts'
import type { CollectInput, Collector } from './collector.ts'
import { readJson, readText } from './text-file.ts'

/** The Node project at the top of the work tree: what npm says is installed, else what the lock file says. */
export const node: Collector = {
  half: 'software',
  name: 'node',
  keys: ({ root, env }) => [
    join(root, 'package.json'),
    join(root, 'package-lock.json'),
    join(root, 'node_modules/.package-lock.json'),
    `=${findNode(env) ?? ''}`,
  ],
  collect(input) {
    const { root } = input
    if (!statSync(join(root, 'package.json'), { throwIfNoEntry: false })) return missing('no package.json')
    const version = nodeVersion(input)
    const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
    const packages = installed ?? readPackages(join(root, 'package-lock.json'))
    const common = { ...(version && { version }), packages: packages ?? {} }
    if (installed) return { ...common, from: 'node_modules' }
    return packages ? { ...common, from: 'package-lock.json' } : { ...common, from: 'package.json' }
  },
}

/** Installed name to version; several versions of one package stand side by side, sorted. */
function readPackages(path: string): Record<string, string> | undefined {
  const lock = readJson(path) as { packages?: Record<string, { version?: unknown; name?: unknown }> } | undefined
  if (!lock?.packages || typeof lock.packages !== 'object') return undefined
  const versions = new Map<string, Set<string>>()
  for (const [where, entry] of Object.entries(lock.packages)) {
    const at = where.lastIndexOf('node_modules/')
    if (at < 0 || typeof entry?.version !== 'string') continue
    const name = where.slice(at + 'node_modules/'.length)
    versions.set(name, (versions.get(name) ?? new Set()).add(entry.version))
  }
  return Object.fromEntries([...versions].map(([name, set]) => [name, [...set].sort().join(', ')]))
}

/** The version of the node on PATH, from the header beside it, without starting it. */
function nodeVersion({ env }: CollectInput): string | undefined {
  const binary = findNode(env)
  if (!binary) return undefined
  if (binary === realpathSync(process.execPath)) return process.versions.node
  const header = readText(join(dirname(binary), '../include/node/node_version.h')) ?? ''
  const part = (name: string) => header.match(new RegExp(`define NODE_${name}_VERSION (\\d+)`))?.[1]
  return part('MAJOR') && `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`
}

function findNode(env: CollectInput['env']): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'node')
    if (folder.startsWith('/') && existsSync(path)) return realpathSync(path)
  }
  return undefined
}
