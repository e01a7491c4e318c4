import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../base/errors.ts'
import { replaceFile } from '../base/files.ts'
import { isMissing, missing } from '../base/missing.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import { type BuiltEnvironment, buildEnvironment, type CollectedPart } from '../records/environment.ts'
import { surelyFits } from '../records/fit/surely-fits.ts'
import { accelerators } from './environment/accelerators.ts'
import type { CollectInput, Collector } from './environment/collector.ts'
import { container } from './environment/container.ts'
import { cpu, kernel, memory, os } from './environment/host.ts'
import { julia } from './environment/julia.ts'
import { locks } from './environment/locks.ts'
import { node } from './environment/node.ts'
import { python } from './environment/python.ts'
import { r } from './environment/r.ts'
import { variables } from './environment/variables.ts'

/**
 * Every collector. One of a language or a package manager finds `{ version?, packages, from }`: then nothing else needs to
 * know of it, and versions of git-prov without it can still compare what it found.
 */
const collectors: readonly Collector[] = [
  os,
  kernel,
  cpu,
  memory,
  accelerators,
  container,
  python,
  r,
  node,
  julia,
  locks,
  variables,
]

/** What the collectors of this version find of software: a member of another name is of a newer one. */
export const softwareNames: ReadonlySet<string> = new Set(
  collectors.flatMap(({ half, name }) => (half === 'software' ? [name] : [])),
)

/** Keys and result of each collector at the last call, by name. */
type Cache = Record<string, { key: string } & Found>

type Found = Pick<CollectedPart, 'result' | 'problems'>

/**
 * The environment as it is now. What no key of a collector says has changed is taken from the cache; the others are
 * asked side by side. A collector that fails becomes the reason it failed.
 */
export async function collectEnvironment(input: CollectInput & { cacheDir: string }): Promise<BuiltEnvironment> {
  const file = join(input.cacheDir, 'environment.json')
  const cache = readCache(file)
  let stale = false
  const results = await Promise.all(
    collectors.map(async (collector) => {
      const { name } = collector
      const key = keyOf(collector, input)
      const cached = cache[name]
      if (cached?.key === key) return partOf(collector, cached)
      stale = true
      const found = await fitting(collector, await ask(collector, input))
      const { result } = found
      // What was not known because time ran out is asked again.
      if (isMissing(result) && /in time/.test(result.missing)) delete cache[name]
      else cache[name] = { key, ...found }
      return partOf(collector, found)
    }),
  )
  if (stale) replaceFile(file, JSON.stringify(cache))
  return buildEnvironment(results)
}

const partOf = ({ half, name }: Collector, { result, problems }: Found): CollectedPart => ({
  half,
  name,
  result,
  ...(problems && { problems }),
})

/** As its schema takes it: what is longer is shortened, which is said. */
async function fitting({ half, name }: Collector, found: object): Promise<Found> {
  if (surelyFits(found)) return { result: found }
  const { value, problems } = (await import('../records/fit/fit.ts')).fitPart(half, name, found)
  return { result: value, ...(problems.length > 0 && { problems }) }
}

async function ask(collector: Collector, input: CollectInput): Promise<object> {
  try {
    return withoutSecrets(await collector.collect(input), collector.name, input.redactor)
  } catch (error) {
    return missing(`cannot be read: ${messageOf(error).slice(0, 200)}`)
  }
}

/** Names and versions of packages are left out: there are thousands, and an index has all of them. */
function withoutSecrets(result: object, name: string, redactor: Redactor): object {
  const { packages, ...rest } = result as { packages?: unknown }
  const { value } = redactDeep(redactor, rest, name)
  return packages === undefined ? value : { ...value, packages }
}

function keyOf(collector: Collector, input: CollectInput): string {
  try {
    return collector
      .keys(input)
      .map((key) => (key.startsWith('=') ? key : `${key} ${statIdentity(key)}`))
      .join('\n')
  } catch {
    return `${Date.now()}`
  }
}

function statIdentity(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}` : '-'
}

function readCache(file: string): Cache {
  try {
    const cache = JSON.parse(readFileSync(file, 'utf8')) as Cache
    return typeof cache === 'object' && cache !== null && !Array.isArray(cache) ? cache : {}
  } catch {
    return {}
  }
}
