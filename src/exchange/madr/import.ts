import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { writeAtomically } from '../../base/files.ts'
import { plural } from '../../base/quantity.ts'
import { readDecisionFiles } from '../../decisions/draft/decision-files.ts'
import { workTreeOf } from '../../decisions/draft/work-tree.ts'
import { writeDecisionSchema } from '../../decisions/draft/write-schema.ts'
import type { DecisionFile } from '../../decisions/model/decision.ts'
import { formatDecision } from '../../decisions/model/format.ts'
import { maxDecisionBytes, parseDecision } from '../../decisions/model/parse.ts'
import { decisionsFolder } from '../../decisions/model/slug.ts'
import { schemaLine } from '../../decisions/model/template.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { ImportRequest } from '../import-request.ts'
import { formatMadr } from './format.ts'
import { namesOf, slugOfRecord } from './links.ts'
import { parseMarkdown } from './parse.ts'

type Format = NonNullable<DecisionFile['markdown']>['format']

/** The folders these tools use by default. */
const usual: Record<Format, readonly string[]> = {
  madr: ['docs/decisions', 'docs/adr', 'doc/adr'],
  'adr-tools': ['doc/adr', 'docs/adr', 'doc/architecture/decisions'],
  log4brains: ['docs/adr', 'docs/adrs', 'adr'],
}

interface Imported {
  from: string
  file: string
  slug: string
}

/** Converts a folder of Markdown decision records to decision files. Existing files are not touched. */
export function importDecisions(format: Format): (request: ImportRequest) => Promise<number> {
  return async (request) => {
    const { context, path, dryRun } = request
    const top = workTreeOf(context)
    const folder = findFolder(top, context.cwd, format, path)
    const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
    const taken = new Set(drafts.map(({ slug }) => slug))
    const files = readdirSync(folder).filter(isRecord).sort()
    const known = new Map(files.flatMap((name) => namesOf(name).map((called) => [called, slugOfRecord(name)] as const)))
    const imported: Imported[] = []
    const skipped: { where: string; reason: string }[] = []
    let there = 0
    for (const name of files) {
      const own = slugOfRecord(name)
      if (taken.has(own)) {
        there += 1
        continue
      }
      const made = await convert(readFileSync(join(folder, name)), { name, format, known, own })
      if ('reason' in made) {
        skipped.push({ where: name, reason: made.reason })
        continue
      }
      taken.add(own)
      if (!dryRun) writeAtomically(join(top, made.file), made.text)
      imported.push({ from: name, file: made.file, slug: own })
    }
    if (!dryRun && imported.length > 0) await writeDecisionSchema(top)
    report(request, { from: relative(top, folder) || '.', imported, known: there, skipped })
    return 0
  }
}

const isRecord = (name: string) =>
  /\.(md|markdown)$/i.test(name) && !/^(index|readme|changelog|(adr-)?template.*)\./i.test(name)

function findFolder(top: string, cwd: string, format: Format, typed: string | undefined): string {
  const candidates = typed === undefined ? usual[format].map((folder) => join(top, folder)) : [resolve(cwd, typed)]
  const found = candidates.find((folder) => existsSync(folder))
  if (found) return found
  throw new ProvError(
    'usage',
    typed === undefined ? `no folder of ${format} records in the usual places` : `there is no folder '${typed}'`,
    {
      hint: `git prov import ${format} <folder>`,
    },
  )
}

interface Source {
  name: string
  format: Format
  known: ReadonlyMap<string, string>
  own: string
}

/** The original text is kept when the fields alone would not reproduce it byte for byte. */
async function convert(
  bytes: Buffer,
  { name, format, known, own }: Source,
): Promise<{ file: string; text: string } | { reason: string }> {
  const text = bytes.toString('utf8')
  if (Buffer.compare(Buffer.from(text), bytes) !== 0) return { reason: 'is not UTF-8' }
  const fields = await parseMarkdown(text, { known, own })
  if (!fields) return { reason: 'has no title' }
  const again = await formatMadr(fields, { known, own })
  const decision: DecisionFile = again === text ? fields : { ...fields, markdown: { format, file: name, text } }
  const yaml = schemaLine + (await formatDecision(decision))
  if (Buffer.byteLength(yaml) > maxDecisionBytes)
    return { reason: `is longer than ${maxDecisionBytes / 1024} KiB as a decision file` }
  const number = name.match(/^\d{1,5}(?=[-_])/)?.[0]
  const begin = fields.date ?? number
  const file = `${decisionsFolder}/${begin === undefined ? '' : `${begin}-`}${own}.yaml`
  const { problems } = await parseDecision(Buffer.from(yaml), file)
  return problems[0] ? { reason: problems[0].message } : { file, text: yaml }
}

interface Summary {
  from: string
  imported: readonly Imported[]
  known: number
  skipped: readonly { where: string; reason: string }[]
}

function report({ context, dryRun, json }: ImportRequest, summary: Summary): void {
  const { from, imported, known, skipped } = summary
  if (json) return void context.stdout.write(`${JSON.stringify({ ...summary, dryRun }, null, 2)}\n`)
  const there = known > 0 ? `, ${known} ${known === 1 ? 'was' : 'were'} here already` : ''
  const lines = [
    `prov: ${plural(imported.length, 'decision')} ${dryRun ? 'would be imported' : 'imported'} from ${from}${there}`,
    ...imported.map(({ file }) => `  ${file}`),
    ...skipped.map(({ where, reason }) => `  left out: ${where} ${reason}`),
  ]
  context.stdout.write(`${lines.map(escapeLine).join('\n')}\n`)
}
