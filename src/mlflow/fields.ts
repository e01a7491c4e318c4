import { MlflowError } from './error.ts'

/** The fields of a request, from its JSON body or its query, where every value is a string. */
export type Fields = Readonly<Record<string, unknown>>

const maxKey = 512
const maxText = 1024 * 1024

/** A required string. Protobuf's JSON form writes 64-bit numbers as strings, so a number is accepted. */
export function textOf(fields: Fields, name: string, most = maxText): string {
  const text = optionalText(fields, name, most)
  if (text === undefined || text === '')
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'`)
  return text
}

export function optionalText(fields: Fields, name: string, most = maxText): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' must be a string`)
  const text = String(value)
  if (text.length > most)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' is longer than ${most} characters`)
  return text
}

export const keyOf = (fields: Fields, name = 'key') => textOf(fields, name, maxKey)

/** A number, or NaN, Infinity and -Infinity as in protobuf's JSON form. */
export function numberOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number') return value
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value)
    if (!Number.isNaN(number) || value === 'NaN') return number
  }
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' must be a number`)
}

export function optionalInteger(fields: Fields, name: string): number | undefined {
  if (fields[name] === undefined || fields[name] === null) return undefined
  const number = numberOf(fields, name)
  if (!Number.isSafeInteger(number))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' must be an integer`)
  return number
}

/** A list of objects; empty when absent. */
export function listOf(fields: Fields, name: string): Fields[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value) || !value.every(isFields))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' must be a list of objects`)
  return value
}

/** A list of strings; in a query, a single one is not in a list. */
export function textsOf(fields: Fields, name: string): string[] {
  const value = fields[name] ?? []
  const list = Array.isArray(value) ? value : [value]
  if (!list.every((text) => typeof text === 'string'))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter '${name}' must be a list of strings`)
  return list
}

/** Key-value pairs from a list of `{key, value}`. */
export function pairsOf(fields: Fields, name: string): [string, string][] {
  return listOf(fields, name).map((pair) => [keyOf(pair), optionalText(pair, 'value') ?? ''])
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
