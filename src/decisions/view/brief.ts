import { escapeText } from '../../base/escape.ts'
import type { BriefView } from '../model/brief.ts'

/** A brief as Markdown, for a commit message or a pull request. */
export function renderBrief({ outcome, impact, tradeOffs, from, commits }: BriefView): string {
  const parts = [
    section('Intended outcome', outcome),
    section('Expected impact', impact),
    section('Trade-offs', tradeOffs),
    from.decisions.length > 0 ? `Decisions: ${from.decisions.join(', ')}\n` : '',
  ].filter(Boolean)
  if (parts.length > 0) return parts.join('\n')
  const subjects = commits.slice(0, 5).map(({ oid, subject }) => `  ${oid.slice(0, 7)} ${subject}`)
  return escapeText(
    `prov: no brief for ${commits.length === 1 ? 'this commit' : 'these commits'} yet\n${subjects.join('\n')}\n`,
  )
}

function section(heading: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  const text =
    items.length === 1 ? (items[0] as string) : items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n')
  return escapeText(`**${heading}**\n\n${text}\n`)
}
