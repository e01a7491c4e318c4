import { escapeLine } from '../base/escape.ts'

const special = /[\\`*_{}[\]()#+\-.!|<>&~@$]/g
const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '@': '&#64;', '|': '&#124;' }

/** Untrusted text as plain text in GitHub Flavored Markdown: no markup, no HTML, no mentions. */
export function markdownText(text: string): string {
  return escapeLine(text).replace(
    special,
    (character) => entities[character] ?? (/[-.!()+{}]/.test(character) ? character : `\\${character}`),
  )
}

/** Untrusted text as inline code, free of markup; backticks become apostrophes. */
export function markdownCode(text: string): string {
  const safe = escapeLine(text).replaceAll('`', "'").replaceAll('|', '\\|')
  return safe === '' ? '' : `\`${safe}\``
}

/** A table in GitHub Flavored Markdown; the cells must be Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A label in a Mermaid flowchart, where quotes and HTML are special. */
export function mermaidLabel(text: string): string {
  const safe = escapeLine(text).replace(/["#&<>`;\\]/g, (character) => `#${character.charCodeAt(0)};`)
  return `"${safe}"`
}
