import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'

interface Schema {
  $ref?: string
  const?: unknown
  enum?: unknown[]
  oneOf?: Schema[]
  allOf?: Schema[]
  type?: string | string[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
  minProperties?: number
  maxProperties?: number
}

const folder = resolve(import.meta.dirname, '../../schemas')

/** Every schema by its file. */
export const schemas = new Map<string, Schema>(
  readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
)

const longText = fc.constantFrom('a', 'é', '😀', 'f0', '<secret:', ' ')

/** Texts of up to a fifth more characters than a schema takes, or of about the length that is asked for. */
function text({ minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const short = fc.string({ minLength, maxLength: Math.max(minLength, 20), unit: 'binary' })
  const long = fc
    .tuple(longText, fc.integer({ min: Math.max(1, maxLength - 2), max: Math.ceil(maxLength * 1.2) }))
    .map(([part, count]) => part.repeat(count))
  return maxLength > 1100 ? short : fc.oneof({ arbitrary: short, weight: 6 }, { arbitrary: long, weight: 1 })
}

/** Values of about the shape a schema asks for, some of them too long or too many for it. */
export function arbitraryOf(schema: Schema, root: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const [file, pointer = ''] = schema.$ref.split('#')
    const home = file ? (schemas.get(file) as Schema) : root
    const found = pointer
      .split('/')
      .slice(1)
      .reduce((at, name) => (at as unknown as Record<string, Schema>)[name] as Schema, home)
    return arbitraryOf(found, home, depth)
  }
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.oneOf && !schema.properties) return fc.oneof(...schema.oneOf.map((one) => arbitraryOf(one, root, depth)))
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => arbitraryOf({ ...schema, type }, root, depth)))
  if (schema.type === 'string') return schema.pattern ? patterned(schema.pattern) : text(schema)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer')
    return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) })
  if (schema.type === 'number') return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1000 })
  if (schema.type === 'array') return list(schema, root, depth)
  return schema.type === 'object' || schema.properties ? object(schema, root, depth) : fc.constant({})
}

function patterned(pattern: string): fc.Arbitrary<string> {
  // fast-check has no lookahead; these are of one kind each.
  return pattern.includes('(?!') ? fc.constant('some/file.txt') : fc.stringMatching(new RegExp(pattern))
}

function list(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const { minItems = 0, maxItems = 5 } = schema
  const item = arbitraryOf(schema.items ?? { type: 'string' }, root, depth + 1)
  const few = fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, depth > 2 ? 1 : 3) })
  if (maxItems > 100 || depth > 1) return few
  const many = fc.tuple(item, fc.integer({ min: maxItems, max: maxItems + 3 })).map(([one, count]) => {
    return Array.from({ length: count }, () => one)
  })
  return fc.oneof({ arbitrary: few, weight: 8 }, { arbitrary: many, weight: 1 })
}

function object(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = { ...schema.properties }
  const required = [...(schema.required ?? [])]
  for (const { $ref = '' } of schema.allOf ?? []) {
    const envelope = schemas.get($ref) as Schema
    for (const [name, one] of Object.entries(envelope.properties ?? {}))
      properties[name] ??=
        typeof one.$ref === 'string' && one.$ref.startsWith('#') ? { $ref: `${$ref}${one.$ref}` } : one
    required.push(...(envelope.required ?? []))
  }
  const known = Object.entries(properties).map(([name, one]) => {
    const home =
      root.properties?.[name] === one || schema.properties?.[name] === one
        ? root
        : (schemas.get('envelope.v1.schema.json') as Schema)
    const value = arbitraryOf(one, home, depth + 1)
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 3 })] as const
  })
  const fixed = fc.record(Object.fromEntries(known))
  if (typeof schema.additionalProperties !== 'object') return fixed
  const key = schema.propertyNames?.pattern ? patterned(schema.propertyNames.pattern) : fc.string({ maxLength: 8 })
  const member = arbitraryOf(schema.additionalProperties, root, depth + 1)
  const some = fc.dictionary(key, member, { maxKeys: 2, minKeys: schema.minProperties ?? 0, noNullPrototype: true })
  const many = fc.tuple(member, fc.constant((schema.maxProperties ?? 0) + 2)).map(([one, count]) => {
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, one]))
  })
  const own =
    depth < 2 && (schema.maxProperties ?? Number.POSITIVE_INFINITY) <= 1000
      ? fc.oneof({ arbitrary: some, weight: 8 }, { arbitrary: many, weight: 1 })
      : some
  return fc.tuple(fixed, own).map(([one, other]) => ({ ...(other as object), ...(one as object) }))
}
