import { schemaNames } from '../generated/schema-names.ts'
import type { Validator, ValidatorError } from '../generated/validators.js'

/** A violation of its schema in a stored file. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the member; empty for the whole. */
  pointer: string
  message: string
}

/** True when a schema for this kind and version is known to this version of git-prov. */
export function isKnown(kind: string, version: number): boolean {
  return schemaNames.has(`${kind}.v${version}`)
}

/** True when this version of git-prov knows the kind, in any version of its schema. */
export function isKnownKind(kind: string): boolean {
  return isKnown(kind, 1)
}

let validators: Record<string, unknown> | undefined

/** The validators are loaded on first use: a hook that reads nothing back does not need them. */
async function errorsOf(kind: string, version: number, value: unknown): Promise<readonly ValidatorError[]> {
  validators ??= await import('../generated/validators.js')
  const validator = validators[`${kind.replaceAll('-', '_')}_v${version}`] as Validator
  return validator(value) ? [] : (validator.errors ?? [])
}

/** Validates a record (or an environment file, kind `environment`) against its schema. Empty: valid. */
export async function validate(kind: string, version: number, value: unknown): Promise<Problem[]> {
  if (!isKnown(kind, version)) return [{ pointer: '', message: `no schema for ${kind}.v${version}` }]
  return (await errorsOf(kind, version, value)).map(toProblem)
}

/** Validates the envelope all records share: all that can be checked for an unknown kind. */
export async function validateEnvelope(value: unknown): Promise<Problem[]> {
  return (await errorsOf('envelope', 1, value)).map(toProblem)
}

/** A newer version adds a few members; more unknown ones than this mean something is wrong. */
const mostUnknown = 100

/**
 * A record without the members unknown to its schema, and their names as `run.comment`, if everything else is valid: then
 * a newer version may have written it. Undefined when a known member is invalid.
 */
export async function splitUnknown<R extends object>(
  kind: string,
  version: number,
  value: R,
): Promise<{ known: R; names: string[] } | undefined> {
  const known = structuredClone(value)
  const names: string[] = []
  for (let tries = 0; tries <= mostUnknown; tries++) {
    const [error] = await errorsOf(kind, version, known)
    if (!error) return { known, names }
    const extra = extraOf(error)
    if (extra === undefined) return undefined
    const path = error.instancePath.split('/').slice(1).map(unescapePointer)
    delete path.reduce<Record<string, unknown>>((part, name) => part[name] as Record<string, unknown>, known as never)[
      extra
    ]
    names.push([kind, ...path.filter((name) => !/^\d+$/.test(name)), extra].join('.'))
  }
  return undefined
}

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

function extraOf({ params }: ValidatorError): string | undefined {
  const extra = params.additionalProperty ?? params.unevaluatedProperty
  return typeof extra === 'string' ? extra : undefined
}

function toProblem(error: ValidatorError): Problem {
  const extra = extraOf(error)
  const message = extra === undefined ? (error.message ?? error.keyword) : `has an unknown member '${extra}'`
  return { pointer: error.instancePath, message }
}
