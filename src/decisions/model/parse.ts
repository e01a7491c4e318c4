import { digestOf } from '../../base/digest.ts'
import { formatBytes } from '../../base/quantity.ts'
import { type FileProblem, formatPath, type Path, placesOf, readYaml, type YamlFile } from '../../base/yaml-file.ts'
import { type DecisionDraft, type DecisionFile, linksOf } from './decision.ts'
import { slugOf } from './slug.ts'

/** Largest decision file, in bytes, that is parsed. */
export const maxDecisionBytes = 256 * 1024

/**
 * Parses a decision file from its bytes, or rejects it by its size in bytes when that is too large to read; `file` is
 * its path from the top of the work tree. Every problem has a line and column.
 */
export async function parseDecision(bytes: Uint8Array | number, file: string): Promise<DecisionDraft> {
  if (typeof bytes === 'number') return { file, slug: slugOf(file), digest: '', problems: [tooLong(bytes)] }
  const draft = { file, slug: slugOf(file), digest: digestOf(bytes) }
  const refused = bytes.length > maxDecisionBytes ? tooLong(bytes.length) : notText(bytes)
  if (refused) return { ...draft, problems: [refused] }
  const read = await readYaml(Buffer.from(bytes).toString('utf8'))
  if (read.problems.length > 0) return { ...draft, problems: read.problems }
  const decision = withoutEmpty(withTextIds(read))
  const problems = await findProblems(read, decision)
  if (problems.length > 0) return { ...draft, problems }
  const links = linksOf(decision as DecisionFile)
  return { ...draft, decision: decision as DecisionFile, links, places: placesOf(read), problems }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

const top = { line: 1, column: 1 }

function tooLong(bytes: number): FileProblem {
  const message = `the file is ${formatBytes(bytes)} long, more than the ${formatBytes(maxDecisionBytes)} a decision may have`
  return { ...top, message, hint: 'keep what it rests on in files of their own, and name them under evidence' }
}

function notText(bytes: Uint8Array): FileProblem | undefined {
  try {
    utf8.decode(bytes)
    return undefined
  } catch {
    return { ...top, message: 'the file is not UTF-8', hint: 'iconv -f latin1 -t utf-8 converts most' }
  }
}

const ids = ['run', 'commit', 'digest'] as const

/** YAML reads an id of digits, or one like 1e2345, as a number; this restores what was written. */
function withTextIds({ value, document }: YamlFile): unknown {
  const evidence = (value as { evidence?: unknown } | null)?.evidence
  if (!Array.isArray(evidence)) return value
  const texts = evidence.map((item: unknown, index) => {
    if (typeof item !== 'object' || item === null) return item
    const numbers = ids.flatMap((name) => {
      const node = document.getIn(['evidence', index, name], true) as { value?: unknown; source?: string } | undefined
      return typeof node?.value === 'number' && node.source ? [[name, node.source] as const] : []
    })
    return { ...item, ...Object.fromEntries(numbers) }
  })
  return { ...(value as object), evidence: texts }
}

/** A member without a value is still to be filled in, which counts as absent. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutEmpty(member)]])),
  )
}

async function findProblems(read: YamlFile, decision: unknown): Promise<FileProblem[]> {
  if (decision === null || decision === undefined) {
    return [{ line: 1, column: 1, message: 'the file is empty', hint: 'git prov decision new writes one to fill in' }]
  }
  const { decision_file_v1 } = await import('../../generated/file-validators.js')
  if (decision_file_v1(decision)) return semanticProblems(read, decision as DecisionFile)
  const { schemaProblems } = await import('../../base/schema-problems.ts')
  return schemaProblems({ ...read, value: decision }, 'decision_file_v1', decision_file_v1.errors ?? [])
}

/** What a schema cannot check: impossible dates, thresholds that nothing can meet. */
function semanticProblems(read: YamlFile, decision: DecisionFile): FileProblem[] {
  const dates: [Path, string | undefined][] = [
    [['date'], decision.date],
    ...(decision.follow_ups ?? []).flatMap(({ due, done }, n): [Path, string | undefined][] => [
      [['follow_ups', n, 'due'], due],
      [['follow_ups', n, 'done'], done],
    ]),
  ]
  const wrong = dates.flatMap(([path, date]) =>
    date === undefined || isDate(date) ? [] : [notADate(read, path, date)],
  )
  const never = (decision.criteria ?? []).flatMap(({ at_least = -Infinity, at_most = Infinity }, n) =>
    at_least <= at_most ? [] : [nothingMeets(read, n)],
  )
  return [...wrong, ...never].sort((a, b) => a.line - b.line)
}

/** Whether the date exists. */
export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function notADate(read: YamlFile, path: Path, date: string): FileProblem {
  return {
    ...read.locate(path),
    message: `${formatPath(path)} ${date} is not a date of the calendar`,
    hint: 'write a day that exists',
  }
}

function nothingMeets(read: YamlFile, index: number): FileProblem {
  const message = `criteria[${index}] asks for at least more than it allows at most: nothing meets it`
  return { ...read.locate(['criteria', index, 'at_least']), message, hint: 'swap at_least and at_most' }
}
