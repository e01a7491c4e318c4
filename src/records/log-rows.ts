import type { LogRow } from './kind-show.ts'
import { isNewer, type NoteLine } from './note.ts'
import { kindShows } from './show.ts'

/** The rows below a commit in `git prov log`, from the lines of its note except its capture. */
export function logRows(lines: readonly NoteLine[]): LogRow[] {
  return [...Object.values(kindShows).flatMap(({ log }) => log?.(lines) ?? []), ...unreadRows(lines)]
}

/** Lines by another version are listed by kind: one only a newer version knows, or one an older writer did not know. */
function unreadRows(lines: readonly NoteLine[]): LogRow[] {
  return lines.flatMap((line) => {
    if (line.kind !== 'unread') return []
    const id = line.id.slice(0, 6)
    const why = isNewer(line) ? 'from a newer git-prov' : 'noted by an older git-prov'
    return [{ label: 'prov', text: `${line.of} ${id}  ${why} (git prov show ${id})`, brief: `${line.of}:${id}` }]
  })
}
