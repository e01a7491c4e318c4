/** A Markdown file split at its headings; nothing in a code fence is a heading (CommonMark 4.2, 4.5). */
export interface Sections {
  /** The text between the --- lines at the top; empty when there is none. */
  frontMatter: string
  title: string
  /** Lines between the title and the next heading. */
  lead: string
  sections: Section[]
}

export interface Section {
  level: number
  heading: string
  body: string
}

export function cutMarkdown(text: string): Sections {
  const { frontMatter, body } = splitFrontMatter(text)
  const sections: Section[] = []
  let fence: string | undefined
  let current: Section = { level: 0, heading: '', body: '' }
  for (const line of body.split('\n')) {
    const bare = line.replace(/\r$/, '')
    const mark = bare.match(/^ {0,3}(`{3,}|~{3,})/)?.[1]
    if (mark && (fence === undefined || (mark[0] === fence[0] && mark.length >= fence.length)))
      fence = fence === undefined ? mark : undefined
    const heading = fence === undefined && !mark ? bare.match(/^(#{1,6})\s+(.*?)\s*#*\s*$/) : null
    if (heading) {
      sections.push(current)
      current = { level: (heading[1] as string).length, heading: heading[2] as string, body: '' }
    } else current.body += `${line}\n`
  }
  sections.push(current)
  const first = sections.findIndex(({ level }) => level === 1)
  const title = sections[first]
  return {
    frontMatter,
    title: title?.heading ?? '',
    lead: title?.body ?? sections[0]?.body ?? '',
    sections: sections.slice(first < 0 ? 1 : first + 1),
  }
}

/** Splits off YAML front matter between two lines of three dashes at the very top (as in Jekyll). */
export function splitFrontMatter(text: string): { frontMatter: string; body: string } {
  const match = text.match(/^---[ \t]*\r?\n([\s\S]*?)\r?\n?^---[ \t]*(?:\r?\n|$)/m)
  if (match?.index !== 0) return { frontMatter: '', body: text }
  return { frontMatter: match[1] as string, body: text.slice(match[0].length) }
}

/** The list items of a text, each with its continuation lines. */
export function listItems(text: string): string[] {
  const items: string[] = []
  for (const line of withoutComments(text).split('\n')) {
    const item = line.match(/^ {0,3}(?:[*+-]|\d+[.)])\s+(.*)$/)
    if (item) items.push((item[1] as string).trim())
    else if (items.length > 0 && /^\s+\S/.test(line)) items[items.length - 1] += `\n${line.trim()}`
  }
  return items.filter(Boolean)
}

/** Everything but list items. */
export function proseOf(text: string): string {
  const lines = withoutComments(text).split('\n')
  const first = lines.findIndex((line) => /^ {0,3}(?:[*+-]|\d+[.)])\s+/.test(line))
  return (first < 0 ? lines : lines.slice(0, first)).join('\n').trim()
}

export function withoutComments(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->\r?\n?/g, '')
    .replaceAll('\r', '')
    .trim()
}
