import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A git-prov of a later version: a copy of this tree with a kind, a member, a collector, an import and a trigger more. */
export class NewerBuild {
  readonly entry: string
  readonly #folder: string

  constructor() {
    mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
    this.#folder = mkdtempSync(join(root, 'node_modules/.cache/newer-'))
    for (const part of ['src', 'schemas', 'hooks', 'build', 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(this.#folder, part), { recursive: true })
    this.#addKind()
    this.#addCollector()
    this.#addMember()
    this.#addImport()
    this.#addTrigger()
    this.#edit('package.json', '"version": "0.1.0"', '"version": "0.2.0"')
    for (const script of ['generate.js', 'bundle.js']) this.#build(script)
    this.entry = join(this.#folder, 'dist/git-prov.js')
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The recipe of CONTRIBUTING: a schema, a folder, two lines, a command. */
  #addKind(): void {
    const brief = readFileSync(join(root, 'schemas/brief.v1.schema.json'), 'utf8')
    const schema = brief.replaceAll('"brief', '"model-card').replace('"Brief"', '"ModelCard"')
    this.#write('schemas/model-card.v1.schema.json', schema)
    this.#write('src/records/model-card/note.ts', note)
    this.#write('src/records/model-card/show.ts', show)
    for (const list of ['index', 'show']) {
      const from = list === 'index' ? 'note' : 'show'
      const file = `src/records/${list}.ts`
      this.#edit(file, 'import { capture }', `import { card } from './model-card/${from}.ts'\nimport { capture }`)
      this.#edit(file, '\n  capture,', "\n  'model-card': card,\n  capture,")
    }
    this.#write('src/commands/card.ts', command)
    this.#edit('src/cli/table/reasons.ts', "  {\n    name: 'brief',", entry)
  }

  #addCollector(): void {
    this.#write('src/collect/environment/pixi.ts', collector)
    const list = 'src/collect/environment.ts'
    this.#edit(list, 'import { python }', "import { pixi } from './environment/pixi.ts'\nimport { python }")
    this.#edit(list, '\n  python,', '\n  pixi,\n  python,')
  }

  #addMember(): void {
    const member = '"audience": { "type": "string", "maxLength": 100 },\n    "impact":'
    this.#edit('schemas/brief.v1.schema.json', '"impact":', member)
  }

  #addImport(): void {
    this.#write('src/exchange/sacred/import.ts', importer)
    const entry = "{ name: 'sacred', load: async () => (await import('./sacred/import.ts')).importSacred },"
    this.#edit('src/exchange/imports.ts', "  { name: 'mlflow',", `  ${entry}\n  { name: 'mlflow',`)
  }

  #addTrigger(): void {
    const file = 'src/capture/capture-commits.ts'
    this.#edit(file, 'trigger: request.trigger,', "trigger: 'reference-transaction',")
  }

  #write(file: string, text: string): void {
    const path = join(this.#folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  #edit(file: string, old: string, now: string): void {
    const text = readFileSync(join(this.#folder, file), 'utf8')
    if (!text.includes(old))
      throw new Error(`${file} has no ${JSON.stringify(old)} any more: test/support/newer-build.ts`)
    this.#write(
      file,
      text.replace(old, () => now),
    )
  }

  #build(script: string): void {
    const { status, stderr } = spawnSync(process.execPath, [join(this.#folder, 'build', script)], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`build/${script}: ${stderr}`)
  }
}

const note = `export const card = {
  line: ({ time, outcome }, id) => ({ kind: 'model-card', id, outcome, time }),
  read: ({ outcome }) => typeof outcome === 'string',
}
`

const show = `import { escapeLine } from '../../base/escape.ts'

export const card = {
  body: ({ outcome }) => [escapeLine(outcome)],
  log: (lines) => lines.flatMap((line) => (line.kind === 'model-card' ? [{ label: 'card', text: line.outcome }] : [])),
}
`

const command = `import { ObjectReader } from '../git/objects/objects.ts'
import { aboutCommit } from '../recording/about-commit.ts'
import { record } from '../recording/record.ts'

export async function run([outcome], context) {
  const objects = new ObjectReader(context.repository())
  try {
    const about = await aboutCommit(objects, 'HEAD')
    const { stored } = await record(context, objects, { kind: 'model-card', about, fields: { outcome } })
    await record(context, objects, { kind: 'brief', about, fields: { outcome: 'a card', audience: 'all' } })
    context.stdout.write(stored.id)
    return 0
  } finally {
    objects.close()
  }
}
`

const entry = `  {
    name: 'card',
    summary: 'write a card',
    usage: ['card <text>'],
    load: () => import('../../commands/card.ts'),
  },
  {
    name: 'brief',`

const collector = `import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '../../base/missing.ts'

export const pixi = {
  half: 'software',
  name: 'pixi',
  keys: ({ root }) => [join(root, 'pixi.lock')],
  collect: ({ root }) =>
    existsSync(join(root, 'pixi.lock'))
      ? { version: '0.40.0', packages: { numpy: '2.1.0' }, from: 'pixi.lock' }
      : missing('no pixi.lock'),
}
`

const importer = `import { importRuns } from '../import-runs.ts'

export const importSacred = (request) => importRuns(request, 'sacred', gather)

async function* gather() {
  yield {
    from: 'sacred',
    source: 'sacred/1/run.json',
    key: '1',
    notes: [],
    time: new Date('2026-11-01T00:00:00Z'),
    agent: { name: 'A', email: 'a@example.org' },
    command: ['python', 'train.py'],
    workingFolder: '.',
    inputs: [],
    outputs: [{ path: 'model.bin', state: 'missing', reason: 'not kept', declared: 'sacred' }],
    parameters: { sacred: { values: { lr: 0.1 } } },
    metrics: new Map(),
    outcome: { status: 'ok' },
  }
}
`
