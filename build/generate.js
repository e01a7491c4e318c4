// Writes src/generated from schemas/: types, validators and the schema texts that go onto the branch.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import { compile } from 'json-schema-to-typescript'
import { limitsOf } from './limits.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const schemasDir = join(root, 'schemas')
const target = join(root, 'src/generated')
mkdirSync(target, { recursive: true })

const files = readdirSync(schemasDir)
  .filter((file) => file.endsWith('.schema.json'))
  .sort()
const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(schemasDir, file), 'utf8')]))
const schemas = Object.values(texts).map((text) => JSON.parse(text))

const isRecord = (schema) => schema.title !== 'Envelope'
const validatorName = (schema) => schema.$id.replace(/\.v(\d+)\.schema\.json$/, '_v$1').replaceAll('-', '_')

async function writeTypes() {
  const all = {
    title: 'AllSchemas',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(schemas.map((schema) => [schema.title, { $ref: schema.$id }])),
  }
  const code = await compile(all, 'AllSchemas', {
    cwd: schemasDir,
    bannerComment: '// Generated from schemas/ by build/generate.js.',
    additionalProperties: false,
    style: { semi: false, singleQuote: true },
  })
  writeFileSync(join(target, 'types.ts'), code)
}

/** Files people write by hand: every problem in them is told at once, not the first alone. */
const isWritten = (schema) => ['ConfigFile', 'DecisionFile'].includes(schema.title)

async function writeValidators(file, wanted, allErrors) {
  const ajv = new Ajv2020({
    schemas,
    allErrors,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    validateFormats: false,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: false, optimize: 2 },
  })
  const names = Object.fromEntries(schemas.filter(wanted).map((schema) => [validatorName(schema), schema.$id]))
  const result = await build({
    stdin: { contents: standaloneCode.default(ajv, names), resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  writeFileSync(
    join(target, `${file}.js`),
    `// Generated from schemas/ by build/generate.js.\n${result.outputFiles[0].text}`,
  )
  const declarations = Object.keys(names).map((name) => `export declare const ${name}: Validator`)
  writeFileSync(
    join(target, `${file}.d.ts`),
    [
      'export interface ValidatorError { instancePath: string; schemaPath: string; keyword: string; message?: string; params: Record<string, unknown> }',
      'export interface Validator { (data: unknown): boolean; errors?: ValidatorError[] | null }',
      ...declarations,
      '',
    ].join('\n'),
  )
}

/** The schemas that problems in such files are explained with. */
function writeWrittenSchemas() {
  const written = Object.fromEntries(schemas.filter(isWritten).map((schema) => [validatorName(schema), schema]))
  const code = `// Generated from schemas/ by build/generate.js.\nexport const writtenSchemas: Record<string, unknown> = ${JSON.stringify(written)}\n`
  writeFileSync(join(target, 'written-schemas.ts'), code)
}

function writeTexts() {
  const code = `// Generated from schemas/ by build/generate.js.\nexport const schemaTexts: Record<string, string> = ${JSON.stringify(texts, null, 2)}\n`
  writeFileSync(join(target, 'schema-texts.ts'), code)
}

/** The kinds of records: what carries the envelope. */
function writeRecordTypes() {
  const titles = schemas
    .filter(({ allOf }) => allOf?.some(({ $ref }) => $ref === 'envelope.v1.schema.json'))
    .map(({ title }) => title)
  const code = [
    '// Generated from schemas/ by build/generate.js.',
    `import type { ${titles.join(', ')} } from './types.ts'`,
    `export type { ${titles.join(', ')} } from './types.ts'`,
    `export type ProvRecord = ${titles.join(' | ')}`,
    '',
  ]
  writeFileSync(join(target, 'record-types.ts'), code.join('\n'))
}

/** Which kinds and versions there are, cheap to load: the validators are not. */
function writeKinds() {
  const names = schemas
    .filter((schema) => isRecord(schema) && !isWritten(schema))
    .map((schema) => schema.$id.replace(/\.schema\.json$/, ''))
  const code = `// Generated from schemas/ by build/generate.js.\nexport const schemaNames: ReadonlySet<string> = new Set(${JSON.stringify(names)})\n`
  writeFileSync(join(target, 'schema-names.ts'), code)
}

/** What is too long or too many is shortened by these before it is written. */
function writeLimits() {
  const code = [
    '// Generated from schemas/ by build/generate.js.',
    "import type { Limit } from '../records/fit/limit.ts'",
    `export const limits: Record<string, Limit> = ${JSON.stringify(limitsOf(schemas))}`,
    '',
  ]
  writeFileSync(join(target, 'limits.ts'), code.join('\n'))
}

function writeHookTemplate() {
  const text = readFileSync(join(root, 'hooks/git-hook.sh'), 'utf8')
  const code = `// Generated from hooks/ by build/generate.js.\nexport const hookTemplate = ${JSON.stringify(text)}\n`
  writeFileSync(join(target, 'hook-template.ts'), code)
}

await writeTypes()
await writeValidators('validators', (schema) => !isWritten(schema), false)
await writeValidators('file-validators', isWritten, true)
writeWrittenSchemas()
writeTexts()
writeKinds()
writeRecordTypes()
writeLimits()
writeHookTemplate()
