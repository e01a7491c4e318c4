import { digestOf } from '../base/digest.ts'
import { stringifyJson } from '../base/json.ts'
import { isMissing } from '../base/missing.ts'
import { plural } from '../base/quantity.ts'
import type { Environment, EnvironmentDigests, Missing, Software } from '../generated/types.ts'

export type { Environment }

/** An environment as stored, with the digests by which a capture names it. */
export interface BuiltEnvironment {
  environment: Environment
  text: string
  digests: EnvironmentDigests
}

/** What a collector found, and which parts were shortened. */
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
 * Whether a value has the parts of an environment that are read here, with the right types. Only verify checks the whole
 * schema; this check is cheap enough for every command.
 */
export function isEnvironment(value: unknown): value is Environment {
  if (!isPlain(value) || value.version !== 1 || !isPlain(value.host) || !isPlain(value.software)) return false
  const { accelerators } = value.host
  const devices = isPlain(accelerators) && !isMissing(accelerators) ? accelerators.devices : []
  return Array.isArray(devices) && devices.every(isPlain) && Object.values(value.software).every(isReadable)
}

/** Parts with packages are compared by package; parts without are only shown. */
function isReadable(part: unknown): boolean {
  if (!isPlain(part) || isMissing(part) || part.packages === undefined) return true
  return isPlain(part.packages) && Object.values(part.packages).every((version) => typeof version === 'string')
}

/** Members of `software` that are not ecosystems. Any other member is one: a language or package manager. */
const others: Record<Exclude<keyof Software, 'python'>, true> = { container: true, locks: true, variables: true }

export function isEcosystem(name: string): boolean {
  return !Object.hasOwn(others, name)
}

interface Ecosystem {
  /** The usual name: a single letter is a language (R). */
  title: string
  version?: string
  /** How an interpreter was installed; known only if the interpreter itself was run. */
  kind?: string
  packages: Record<string, string>
}

/** The ecosystems that were found, interpreters first. */
function ecosystemsOf(software: Software): Ecosystem[] {
  const found = Object.entries(software as Record<string, Partial<Ecosystem> | Missing>).flatMap(([name, part]) => {
    if (!isEcosystem(name) || isMissing(part) || !part.packages) return []
    return [{ ...part, packages: part.packages, title: name.length === 1 ? name.toUpperCase() : name }]
  })
  const project = found.filter(({ kind }) => kind !== 'system')
  const rank = ({ kind, title }: Ecosystem) => `${kind ? 0 : 1} ${title}`
  // The system's own interpreter means little when the project uses another language.
  return (project.length > 0 ? project : found).sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The summary a person wants first: `python 3.11.7, 83 packages, 1 x NVIDIA H200`. */
export function summariseEnvironment({ host, software }: Environment): string {
  const parts: string[] = []
  for (const { title, version, packages } of ecosystemsOf(software))
    parts.push(version ? `${title} ${version}` : title, plural(Object.keys(packages).length, 'package'))
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

/** One difference; `name` is the name in the environment file. */
export interface Difference {
  /** The ecosystem of a package, else the part of the file. */
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

/** What differs between two environments: packages, and the rest. */
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

/** Differences in a few words: `numpy 2.1.0 -> 2.1.2, scipy 1.14.1 added and 3 more`. */
export function describeEnvironmentDiff({ packages, software, host }: EnvironmentDiff, most = 2): string {
  const worded = [
    ...packages.map(({ name, before, after }) => wordChange(name, before, after)),
    ...[...host, ...software].map(wordDifference),
  ]
  if (worded.length <= most + 1) return worded.join(', ')
  return `${worded.slice(0, most).join(', ')} and ${worded.length - most} more`
}

/** A difference other than a package, in a few words. */
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
