import type { ValidatorError } from '../generated/file-validators.js'
import { writtenSchemas } from '../generated/written-schemas.ts'
import { nearest } from './nearest.ts'
import { type FileProblem, formatPath, type Path, type YamlFile } from './yaml-file.ts'

/** The part of a JSON Schema used to explain a problem. */
interface SchemaPart {
  description?: string
  pattern?: string
  type?: string
  enum?: string[]
  required?: string[]
  oneOf?: { required: string[] }[]
  properties?: Record<string, SchemaPart>
}

/** Patterns shared by several members, in words. */
const forms: readonly [begin: string, message: string, hint: string][] = [
  [
    '^(?!/)',
    'must be relative to the top of the work tree and inside it',
    'write it without / at the start and without ..',
  ],
  ['^[A-Za-z0-9][A-Za-z0-9._-]', "may have letters, digits, '.', '_' and '-' only", 'choose another name'],
  ['^[a-z0-9][a-z0-9-]', "may have lower-case letters, digits and '-' only", 'choose another name'],
  ['^\\d{4}-', 'must be a date such as 2026-11-23', 'write year, month and day: 2026-11-23'],
  ['^[0-9a-f]', 'must be lower-case hex digits', 'git prov show and git log print them'],
]

/** How a hand-written file violates its schema: each problem with its position, in line order. */
export function schemaProblems(
  file: YamlFile,
  schema: 'config_v1' | 'decision_file_v1',
  errors: readonly ValidatorError[],
): FileProblem[] {
  const problems = errors
    // What each branch of a oneOf or anyOf lacks is reported once, by the choice itself.
    .filter(({ schemaPath }) => !/\/(oneOf|anyOf)\/\d+\//.test(schemaPath))
    .map((error) => explain(file, error, partAt(writtenSchemas[schema], error.schemaPath)))
  return problems.sort((a, b) => a.line - b.line || a.column - b.column)
}

/** The schema containing the keyword that failed. */
function partAt(schema: unknown, schemaPath: string): SchemaPart {
  const parts = schemaPath
    .replace(/^.*#\//, '')
    .split('/')
    .slice(0, -1)
  let part = schema as Record<string, unknown> | undefined
  for (const name of parts) part = part?.[unescapePointer(name)] as Record<string, unknown> | undefined
  return (part ?? {}) as SchemaPart
}

const unescapePointer = (part: string) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')

function explain(file: YamlFile, error: ValidatorError, schema: SchemaPart): FileProblem {
  const path = pathOf(error.instancePath)
  const subject = formatPath(path) || 'the file'
  const extra = (error.params.additionalProperty ?? error.params.propertyName) as string | undefined
  if (extra !== undefined) return { ...file.locateKey(path, extra), ...unknownMember(subject, extra, schema) }
  return { ...file.locate(path), ...words(subject, error, schema, valueAt(file.value, path)) }
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map(unescapePointer)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown> | undefined)?.[part], value)
}

type Words = Pick<FileProblem, 'message' | 'hint'>

function unknownMember(subject: string, extra: string, { properties = {} }: SchemaPart): Words {
  const names = Object.keys(properties)
  const guess = nearest(extra, names)
  return {
    message: `${subject} has no member '${extra}'`,
    hint: guess ? `did you mean '${guess}'?` : `it can have: ${names.join(', ')}`,
  }
}

function words(
  subject: string,
  { keyword, params, message }: ValidatorError,
  schema: SchemaPart,
  value: unknown,
): Words {
  if (keyword === 'required') return missing(subject, String(params.missingProperty), schema)
  if (keyword === 'enum') return oneOf(subject, params.allowedValues as string[], value)
  if (keyword === 'type') return wrongType(subject, String(params.type), schema, value)
  if (keyword === 'oneOf') return wrongChoice(subject, schema)
  const form = keyword === 'pattern' ? forms.find(([begin]) => schema.pattern?.startsWith(begin)) : undefined
  if (form) return { message: `${subject} ${form[1]}`, hint: form[2] }
  if (keyword === 'minLength')
    return { message: `${subject} is empty`, hint: schema.description ?? 'write something, or take it out' }
  return { message: `${subject} ${message}`, hint: schema.description ?? 'git help prov describes every member' }
}

function missing(subject: string, name: string, { properties = {}, required = [] }: SchemaPart): Words {
  const description = properties[name]?.description
  const all = required.length > 1 ? `it has ${required.join(' and ')}` : `write ${name}: …`
  return { message: `${subject} has no '${name}'`, hint: description ? `${all}. ${name}: ${description}` : all }
}

function oneOf(subject: string, allowed: readonly string[], value: unknown): Words {
  const guess = typeof value === 'string' ? nearest(value, allowed) : undefined
  return { message: `${subject} must be one of ${allowed.join(', ')}`, hint: `write ${guess ?? allowed[0]}` }
}

function wrongChoice(subject: string, { oneOf: choices = [] }: SchemaPart): Words {
  const names = choices.flatMap(({ required }) => required)
  return {
    message: `${subject} must have exactly one of ${names.join(', ')}`,
    hint: `make two entries of it, or add what is missing`,
  }
}

const typeWords: Record<string, [name: string, example: string]> = {
  array: ['a list', 'begin each entry on a line of its own with "- "'],
  object: ['an entry with members', 'write each member as "name: value" on a line of its own'],
  string: ['text', 'put it in quotes'],
  number: ['a number', 'write it without quotes, with a point: 0.80'],
  integer: ['a whole number', 'write it without quotes'],
  boolean: ['true or false', 'write true or false'],
}

function wrongType(subject: string, type: string, schema: SchemaPart, value: unknown): Words {
  const date = forms.find(([begin]) => begin === '^\\d{4}-' && schema.pattern?.startsWith(begin))
  if (date) return { message: `${subject} ${date[1]}, not ${describe(value)}`, hint: date[2] }
  const [name, example] = typeWords[type] ?? [type, '']
  const hint = value === null ? `write it, or take the line out. ${schema.description ?? ''}`.trim() : example
  return { message: `${subject} must be ${name}, not ${describe(value)}`, hint }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an entry with members'
  return typeof value === 'string' ? 'text' : `the ${typeof value === 'number' ? 'number ' : ''}${value}`
}
