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

let validators: Record<string, unknown> | undefined

/**
 * What is wrong with a record (or with an environment file, kind `environment`) by its schema. Empty: nothing. The
 * validators are loaded at the first call: a hook that reads nothing back does without them.
 */
export async function validate(kind: string, version: number, value: unknown): Promise<Problem[]> {
  if (!isKnown(kind, version)) return [{ pointer: '', message: `no schema for ${kind}.v${version}` }]
  validators ??= await import('../generated/validators.js')
  const validator = validators[`${kind}_v${version}`] as Validator
  if (validator(value)) return []
  return (validator.errors ?? []).map((error) => ({ pointer: error.instancePath, message: describe(error) }))
}

function describe(error: ValidatorError): string {
  const extra = error.params.additionalProperty ?? error.params.unevaluatedProperty
  if (typeof extra === 'string') return `has an unknown member '${extra}'`
  return error.message ?? error.keyword
}
