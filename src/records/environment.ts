import { digestOf } from '../base/digest.ts'
import { stringifyJson } from '../base/json.ts'
import { isMissing } from '../base/missing.ts'
import { plural } from '../base/quantity.ts'
import type { Environment, EnvironmentDigests } from '../generated/types.ts'

export type { Environment }

/** An environment in the form it is stored in, with the digests a capture names it by. */
export interface BuiltEnvironment {
  environment: Environment
  text: string
  digests: EnvironmentDigests
}

/** What a collector found, and what of it is not kept as it was. */
export interface CollectedPart {
  half: 'host' | 'software'
  name: string
  result: object
  problems?: NonNullable<Environment['problems']>
}

/** `results`: what each collector found, by half and name. */
export function buildEnvironment(results: readonly CollectedPart[]): BuiltEnvironment {
  const half = (which: 'host' | 'software') =>
    Object.fromEntries(results.filter((one) => one.half === which).map(({ name, result }) => [name, result]))
  const problems = results.flatMap((one) => one.problems ?? [])
  const environment = {
    version: 1,
    host: half('host'),
    software: half('software'),
    ...(problems.length > 0 && { problems }),
  } as Environment
  const text = stringifyJson(environment)
  const digests = {
    digest: digestOf(text),
    host: digestOf(stringifyJson(environment.host)),
    software: digestOf(stringifyJson(environment.software)),
  }
  return { environment, text, digests }
}

/**
 * Whether a value has the parts of an environment that are read here, in the types they are read as. The whole schema
 * is for verify; this one is cheap enough for every command.
 */
export function isEnvironment(value: unknown): value is Environment {
  if (!isPlain(value) || value.version !== 1 || !isPlain(value.host) || !isPlain(value.software)) return false
  const { accelerators } = value.host
  const devices = isPlain(accelerators) && !isMissing(accelerators) ? accelerators.devices : []
  const ecosystems = ['python', 'r', 'node', 'julia'].map((name) => (value.software as Record<string, unknown>)[name])
  return Array.isArray(devices) && devices.every(isPlain) && ecosystems.every(isEcosystem)
}

function isEcosystem(found: unknown): boolean {
  if (found === undefined || isMissing(found)) return true
  return (
    isPlain(found) &&
    isPlain(found.packages) &&
    Object.values(found.packages).every((version) => typeof version === 'string')
  )
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a person wants to know first: `python 3.11.7, 83 packages, 1 x NVIDIA H200`. */
export function summariseEnvironment({ host, software }: Environment): string {
  const parts: string[] = []
  const project = [
    ['R', software.r],
    ['julia', software.julia],
    ['node', software.node],
  ] as const
  const isProject = project.some(([, found]) => found && !isMissing(found))
  const { python } = software
  // The system's own Python says little where the project is in another language.
  const ownPython = python && !isMissing(python) && (python.kind !== 'system' || !isProject)
  for (const [name, found] of [...(ownPython ? ([['python', python]] as const) : []), ...project]) {
    if (!found || isMissing(found)) continue
    parts.push(found.version ? `${name} ${found.version}` : name, plural(Object.keys(found.packages).length, 'package'))
  }
  if (host.accelerators && !isMissing(host.accelerators)) {
    parts.push(...host.accelerators.devices.map(({ count, model }) => `${count} x ${model.replace(/^NVIDIA /, '')}`))
  }
  return (
    parts.join(', ') ||
    (isMissing(host.os)
      ? 'nothing known'
      : `${host.os?.distribution ?? host.os?.platform} ${host.os?.version ?? ''}`.trim())
  )
}

/** One difference: `name` says what, in the words of the environment file. */
export interface Difference {
  /** For packages the ecosystem (python, node, r, julia), else the part of the file. */
  part: string
  name: string
  before: string | undefined
  after: string | undefined
}

export interface EnvironmentDiff {
  packages: Difference[]
  software: Difference[]
  host: Difference[]
}

/** What differs between two environments, packages apart from the rest. */
export function diffEnvironments(before: Environment, after: Environment): EnvironmentDiff {
  const software = diffLeaves(before.software, after.software)
  const isPackage = ({ path }: Leaf) => path[1] === 'packages' && path.length === 3
  return {
    packages: software.filter(isPackage).map((leaf) => toDifference(leaf, leaf.path[2] as string)),
    software: software.filter((leaf) => !isPackage(leaf)).map((leaf) => toDifference(leaf)),
    host: diffLeaves(before.host, after.host).map((leaf) => toDifference(leaf)),
  }
}

interface Leaf {
  path: string[]
  before: string | undefined
  after: string | undefined
}

function toDifference(
  { path, before, after }: Leaf,
  name = path.slice(1).join('.') || (path[0] as string),
): Difference {
  return { part: path[0] as string, name, before, after }
}

function diffLeaves(before: object, after: object): Leaf[] {
  const [a, b] = [new Map(leaves(before)), new Map(leaves(after))]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((key) => {
    const leaf = { path: JSON.parse(key) as string[], before: a.get(key), after: b.get(key) }
    return leaf.before === leaf.after ? [] : [leaf]
  })
}

function leaves(value: unknown, path: string[] = []): [string, string][] {
  if (value === null || typeof value !== 'object') return [[JSON.stringify(path), String(value)]]
  if (isMissing(value)) return []
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
}

/** The same in a few words: `numpy 2.1.0 -> 2.1.2, scipy 1.14.1 added and 3 more`. */
export function describeEnvironmentDiff({ packages, software, host }: EnvironmentDiff, most = 2): string {
  const worded = [
    ...packages.map(({ name, before, after }) => wordChange(name, before, after)),
    ...[...host, ...software].map(wordDifference),
  ]
  if (worded.length <= most + 1) return worded.join(', ')
  return `${worded.slice(0, most).join(', ')} and ${worded.length - most} more`
}

/** One difference that is not of a package in a few words. */
export function wordDifference({ part, name, before, after }: Difference): string {
  if (part === 'locks') return `${name.replace(/^files\./, '')} ${before ? (after ? 'changed' : 'removed') : 'added'}`
  if (part === 'accelerators' && /\.model$/.test(name))
    return wordChange('GPU', before?.replace(/^NVIDIA /, ''), after?.replace(/^NVIDIA /, ''))
  return wordChange(part === name ? name : `${part} ${name}`, before, after)
}

export function wordChange(name: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${name} ${after} added`
  return after === undefined ? `${name} ${before} removed` : `${name} ${before} -> ${after}`
}
