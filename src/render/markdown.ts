import { escapeLine } from '../base/escape.ts'

const special = /[\\`*_{}[\]()#+\-.!|<>&~@$]/g
const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '@': '&#64;', '|': '&#124;' }

/** Text that came from anywhere as plain text in GitHub Flavored Markdown: no markup, no HTML, no mention. */
export function markdownText(text: string): string {
  return escapeLine(text).replace(
    special,
    (character) => entities[character] ?? (/[-.!()+{}]/.test(character) ? character : `\\${character}`),
  )
}

/** The same as code: nothing in it is read as markup; a backtick becomes an apostrophe. */
export function markdownCode(text: string): string {
  const safe = escapeLine(text).replaceAll('`', "'").replaceAll('|', '\\|')
  return safe === '' ? '' : `\`${safe}\``
}

/** A table in GitHub Flavored Markdown; cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A label in a Mermaid flowchart, where quotes and HTML have a meaning. */
export function mermaidLabel(text: string): string {
  const safe = escapeLine(text).replace(/["#&<>`;\\]/g, (character) => `#${character.charCodeAt(0)};`)
  return `"${safe}"`
}
