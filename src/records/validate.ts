import { schemaNames } from '../generated/schema-names.ts'
import type { Validator, ValidatorError } from '../generated/validators.js'

/** Something in a stored file that its schema does not allow. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the member; empty for the whole. */
  pointer: string
  message: string
}

/** True when a schema for this kind and version is known to this version of git-prov. */
export function isKnown(kind: string, version: number): boolean {
  return schemaNames.has(`${kind}.v${version}`)
}

/** True when this version of git-prov knows records of the kind, in whatever version of its schema. */
export function isKnownKind(kind: string): boolean {
  return isKnown(kind, 1)
}

let validators: Record<string, unknown> | undefined

/** The validators are loaded at the first call: a hook that reads nothing back does without them. */
async function errorsOf(kind: string, version: number, value: unknown): Promise<readonly ValidatorError[]> {
  validators ??= await import('../generated/validators.js')
  const validator = validators[`${kind.replaceAll('-', '_')}_v${version}`] as Validator
  return validator(value) ? [] : (validator.errors ?? [])
}

/** What is wrong with a record (or with an environment file, kind `environment`) by its schema. Empty: nothing. */
export async function validate(kind: string, version: number, value: unknown): Promise<Problem[]> {
  if (!isKnown(kind, version)) return [{ pointer: '', message: `no schema for ${kind}.v${version}` }]
  return (await errorsOf(kind, version, value)).map(toProblem)
}

/** What is wrong with a record by what every record has: all that can be said of one of an unknown kind. */
export async function validateEnvelope(value: unknown): Promise<Problem[]> {
  return (await errorsOf('envelope', 1, value)).map(toProblem)
}

/** A newer version adds a member or two; more unknown members than this are not that. */
const mostUnknown = 100

/**
 * A record without the members that its schema does not have, and their names as `run.comment`, when all else is as the
 * schema says: then a newer version may have written it. Undefined when something is wrong with the members it has.
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
