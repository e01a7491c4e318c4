import { slugOf } from '../../decisions/model/slug.ts'

/** A reference from one record to another. */
export interface RecordLink {
  kind: 'supersedes' | 'superseded_by' | 'related'
  slug: string
}

const markdownLink = /\[[^\]]*\]\((?:\.\/|[^)\s]*\/)?([^)\s/#]+?)(?:\.md|\.markdown)?(?:#[^)]*)?(?:\s+"[^"]*")?\)/g
const byNumber = /\bADR[-_ ]?(\d{1,5})\b/gi

/**
 * The other records a text refers to, by links to their files or as ADR-0012. `known` maps file names without
 * extension, and numbers, to the ids of all records.
 */
export function readLinks(text: string, known: ReadonlyMap<string, string>, own: string): RecordLink[] {
  const links = new Map<string, RecordLink>()
  const add = (slug: string | undefined, kind: RecordLink['kind']) => {
    if (slug === undefined || slug === own) return
    const before = links.get(slug)
    if (!before || before.kind === 'related') links.set(slug, { kind, slug })
  }
  for (const line of withoutCode(text).split('\n')) {
    for (const match of line.matchAll(markdownLink))
      add(known.get((match[1] as string).toLowerCase()), kindOf(line, match.index))
    for (const match of line.matchAll(byNumber)) add(known.get(String(Number(match[1]))), kindOf(line, match.index))
  }
  return [...links.values()]
}

/** An example in code refers to nothing. */
const withoutCode = (text: string) =>
  text.replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1/gm, '').replace(/`[^`\n]*`/g, '')

/** The word before a link gives its meaning: adr-tools writes `Supersedes [..](..)` and `Superseded by [..](..)`. */
function kindOf(line: string, at: number): RecordLink['kind'] {
  const before = line.slice(0, at).toLowerCase()
  if (/(superseded|replaced|overridden)( by)?[^a-z]*$/.test(before)) return 'superseded_by'
  return /(supersedes|supercedes|replaces|overrides)[^a-z]*$/.test(before) ? 'supersedes' : 'related'
}

/** Names by which a record can be referred to: its file without extension, and its number. */
export function namesOf(file: string): string[] {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.(md|markdown)$/i, '')
  const number = name.match(/^(?:adr[-_]?)?(\d{1,5})(?!\d)/i)?.[1]
  return [name.toLowerCase(), ...(number !== undefined && !/^\d{8}/.test(name) ? [String(Number(number))] : [])]
}

/** The id of a record from its file name: log4brains and adr-tools start it with a date or a number. */
export function slugOfRecord(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.(md|markdown)$/i, '')
  return slugOf(name.replace(/^(?:adr[-_]?)?\d{1,8}[-_]+/i, ''))
}
