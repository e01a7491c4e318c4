import type { DecisionFile, DecisionOption } from '../../decisions/model/decision.ts'
import { readLinks } from './links.ts'
import { cutMarkdown, listItems, proseOf, type Section, withoutComments } from './markdown.ts'
import { type Metadata, readMetadata } from './metadata.ts'

/** The fields read from a Markdown record: MADR 2 to 4, adr-tools (Nygard), log4brains. */
export type MarkdownDecision = Omit<DecisionFile, 'markdown'>

/** The ids of all records by every name they have, and the record's own id. */
export interface RecordNames {
  known: ReadonlyMap<string, string>
  own: string
}

/** Parses a Markdown record. Undefined for a text without a title, which is not a record. */
export async function parseMarkdown(text: string, { known, own }: RecordNames): Promise<MarkdownDecision | undefined> {
  const cut = cutMarkdown(text)
  const title = cut.title.replace(/^(?:ADR[- ]?)?\d+\s*[.:–-]\s+/i, '').trim()
  if (title === '') return undefined
  const fields: Partial<DecisionFile> = {}
  const more: string[] = []
  for (const section of group(cut.sections)) read(section, fields, more)
  const metadata = await readMetadata(cut)
  const links = readLinks(`${metadata.statusText}\n${text}`, known, own)
  const linked = (kind: string) => links.filter((link) => link.kind === kind).map(({ slug }) => slug)
  return compact({
    ...fields,
    title: title.slice(0, 300),
    status: metadata.status ?? (fields.chosen || fields.why ? 'accepted' : 'proposed'),
    ...people(metadata),
    supersedes: linked('supersedes'),
    superseded_by: linked('superseded_by'),
    related: linked('related'),
    more: more.join('\n\n'),
  })
}

function people({ date, deciders, consulted, informed }: Metadata): Partial<DecisionFile> {
  return { ...(date && { date }), deciders, consulted, informed }
}

/** Removes empty texts and lists. */
function compact(decision: MarkdownDecision): MarkdownDecision {
  const given = Object.entries(decision).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(given) as unknown as MarkdownDecision
}

/** A section with its subsections. */
interface Group extends Section {
  inner: Section[]
}

function group(sections: readonly Section[]): Group[] {
  const groups: Group[] = []
  for (const section of sections) {
    if (section.level <= 2 || groups.length === 0) groups.push({ ...section, inner: [] })
    else groups.at(-1)?.inner.push(section)
  }
  return groups
}

function read(section: Group, fields: Partial<DecisionFile>, more: string[]): void {
  const name = plain(section.heading)
  const text = withoutComments(section.body)
  if (/^context/.test(name)) fields.context = withSubsections(section)
  else if (/^decision drivers|^drivers/.test(name)) fields.drivers = listItems(section.body)
  else if (/^considered (options|alternatives)|^options$|^alternatives/.test(name))
    fields.options = merge(fields.options, toOptions(section))
  else if (/^decision( outcome)?$|^outcome/.test(name)) readOutcome(section, fields)
  else if (/^consequences/.test(name)) readConsequences(section.body, fields)
  else if (/^(confirmation|validation)/.test(name)) fields.confirmation = text
  else if (/^pros and cons/.test(name)) fields.options = merge(fields.options, section.inner.map(toOption))
  else if (!/^status$/.test(name)) more.push(`## ${section.heading}\n\n${withSubsections(section)}`.trim())
}

const plain = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[*_`]/g, '')
    .replace(/^\d+[.)]\s*/, '')
    .trim()

function withSubsections({ body, inner }: Group): string {
  const below = inner.map(
    ({ level, heading, body: text }) => `${'#'.repeat(level)} ${heading}\n\n${withoutComments(text)}`,
  )
  return [withoutComments(body), ...below].join('\n\n').trim()
}

/** `Chosen option: "X", because Y.` in MADR, or free text. */
function readOutcome(section: Group, fields: Partial<DecisionFile>): void {
  const text = withoutComments(section.body)
  const match = text.match(
    /^Chosen (?:option|alternative)s?:\s*(?:"([^"]+)"|“([^”]+)”|([^,.\n]+))\s*[,.:]?\s*(?:because:?)?\s*([\s\S]*)$/i,
  )
  if (match) fields.chosen = clean(match[1] ?? match[2] ?? match[3] ?? '')
  const why = (match ? match[4] : text)?.trim()
  if (why) fields.why = why
  for (const inner of section.inner) {
    const name = plain(inner.heading)
    if (/consequences|positive|negative/.test(name))
      readConsequences(inner.body, fields, /negative/.test(name) ? 'bad' : 'good')
    else if (/^(confirmation|validation)/.test(name)) fields.confirmation = withoutComments(inner.body)
    else fields.why = [fields.why, `### ${inner.heading}`, withoutComments(inner.body)].filter(Boolean).join('\n\n')
  }
}

function readConsequences(body: string, fields: Partial<DecisionFile>, otherwise: 'good' | 'bad' = 'good'): void {
  const { pros, cons, neutral } = sort(listItems(body), otherwise)
  const good = [proseOf(body), ...pros.map((item) => `* ${item}`), ...neutral.map((item) => `* ${item}`)].filter(
    Boolean,
  )
  if (good.length > 0) fields.expected_impact = [fields.expected_impact, good.join('\n')].filter(Boolean).join('\n')
  if (cons.length > 0) fields.trade_offs = [...(fields.trade_offs ?? []), ...cons]
}

function sort(items: readonly string[], otherwise: 'good' | 'bad' | 'neutral') {
  const sorted = { pros: [] as string[], cons: [] as string[], neutral: [] as string[] }
  for (const item of items) {
    const match = item.match(/^(good|bad|neutral)\b[,:]?\s*(?:because)?[:,]?\s*([\s\S]*)$/i)
    const kind = match ? (match[1] as string).toLowerCase() : otherwise
    const text = match?.[2] || item
    if (kind === 'bad') sorted.cons.push(text)
    else sorted[kind === 'good' ? 'pros' : 'neutral'].push(text)
  }
  return sorted
}

function toOptions({ body, inner }: Group): DecisionOption[] {
  return inner.length > 0 ? inner.map(toOption) : listItems(body).map((item) => ({ name: clean(item) }))
}

function toOption({ heading, body }: Section): DecisionOption {
  const { pros, cons, neutral } = sort(listItems(body), 'neutral')
  const description = proseOf(body)
  return {
    name: clean(heading),
    ...(description && { description }),
    ...(pros.length > 0 && { pros }),
    ...(neutral.length > 0 && { neutral }),
    ...(cons.length > 0 && { cons }),
  }
}

/** An option's name without Markdown emphasis or link. */
function clean(name: string): string {
  const text = name.replace(/^\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])?$/, '$1').split('\n')[0] as string
  return text.trim().slice(0, 1000) || '(unnamed)'
}

/** Adds pros and cons to the options listed before; an option named only there is added. */
function merge(before: DecisionOption[] | undefined, found: readonly DecisionOption[]): DecisionOption[] {
  const options = [...(before ?? [])]
  for (const option of found) {
    const at = options.findIndex(({ name }) => plain(name) === plain(option.name))
    if (at < 0) options.push(option)
    else options[at] = { ...options[at], ...option }
  }
  return options
}
