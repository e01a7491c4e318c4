import type { LogRow } from './kind-show.ts'
import { isNewer, type NoteLine } from './note.ts'
import { kindShows } from './show.ts'

/** What the lines of a commit's note say below it in `git prov log`, but for its capture. */
export function logRows(lines: readonly NoteLine[]): LogRow[] {
  return [...Object.values(kindShows).flatMap(({ log }) => log?.(lines) ?? []), ...unreadRows(lines)]
}

/** What another version wrote is there by name: of a kind only a newer one knows, or by an older one that did not know it. */
function unreadRows(lines: readonly NoteLine[]): LogRow[] {
  return lines.flatMap((line) => {
    if (line.kind !== 'unread') return []
    const id = line.id.slice(0, 6)
    const why = isNewer(line) ? 'from a newer git-prov' : 'noted by an older git-prov'
    return [{ label: 'prov', text: `${line.of} ${id}  ${why} (git prov show ${id})`, brief: `${line.of}:${id}` }]
  })
}
