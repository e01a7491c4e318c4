import type { DecisionStatus } from '../../decisions/model/decision.ts'
import { type Sections, withoutComments } from './markdown.ts'
import { readStatus } from './status.ts'

/** A record's metadata: from front matter (MADR 3, 4), a list below the title (MADR 2, log4brains), or sections. */
export interface Metadata {
  status?: DecisionStatus
  /** As written, for the links in it. */
  statusText: string
  date?: string
  deciders: string[]
  consulted: string[]
  informed: string[]
}

export async function readMetadata({ frontMatter, lead, sections }: Sections): Promise<Metadata> {
  const front = await readFrontMatter(frontMatter)
  const listed = readLead(lead)
  const section = sections.find(({ heading }) => /^status$/i.test(heading))
  const statusText = section ? withoutComments(section.body) : ''
  const found = new Map([...listed, ...front])
  const status = readStatus(found.get('status')) ?? readStatus(lastWord(statusText))
  const date = readDate(found.get('date'))
  return {
    ...(status && { status }),
    statusText: [statusText, String(found.get('status') ?? '')].join('\n'),
    ...(date && { date }),
    deciders: readPeople(found.get('decision-makers') ?? found.get('deciders')),
    consulted: readPeople(found.get('consulted')),
    informed: readPeople(found.get('informed')),
  }
}

/** adr-tools adds a line for each change, so the last word that is a status counts. */
function lastWord(text: string): string | undefined {
  return text.split('\n').findLast((line) => readStatus(line.replace(/\[[^\]]*\]\([^)]*\)/g, '')) !== undefined)
}

/** Front matter that is not valid YAML is read line by line: templates leave braces in it. */
async function readFrontMatter(text: string): Promise<Map<string, unknown>> {
  if (text === '') return new Map()
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false })
  const value = document.errors.length === 0 ? (document.toJS({ maxAliasCount: 0 }) as unknown) : undefined
  if (value && typeof value === 'object' && !Array.isArray(value))
    return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]))
  return new Map(text.split('\n').flatMap((line) => toPair(line) ?? []))
}

/** `* Status: accepted` and `Date: 2016-02-12` below the title. */
function readLead(lead: string): Map<string, unknown> {
  return new Map(
    withoutComments(lead)
      .split('\n')
      .flatMap((line) => toPair(line.replace(/^\s*[*+-]\s+/, '')) ?? []),
  )
}

function toPair(line: string): [string, string][] | undefined {
  const match = line.match(/^\s*\**([A-Za-z][A-Za-z -]{1,30}?)\**\s*:\**\s*(.*?)\s*$/)
  return match ? [[(match[1] as string).toLowerCase(), match[2] as string]] : undefined
}

function readDate(value: unknown): string | undefined {
  const match = String(value ?? '').match(/\b(\d{4})-(\d\d)-(\d\d)\b/)
  const date = match?.[0]
  return date && !Number.isNaN(Date.parse(`${date}T00:00:00Z`)) ? date : undefined
}

function readPeople(value: unknown): string[] {
  const texts = Array.isArray(value) ? value.map(String) : String(value ?? '').split(/[,;]/)
  return texts
    .map((text) => text.replace(/^\[(.*)\]$/, '$1').trim())
    .filter((text) => text !== '' && text !== 'null' && !/^\{.*\}$/.test(text))
}
