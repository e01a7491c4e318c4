import type { Finding } from '../base/finding.ts'
import { plural } from '../base/quantity.ts'
import { isLater } from '../base/version-order.ts'
import type { ProvRecord } from '../records/record.ts'

/** What in a ledger only a newer git-prov knows, by name, with counts. */
export interface Newer {
  /** Kinds of record. */
  kinds: Record<string, number>
  /** Unknown members of known kinds: `run.comment`. */
  members: Record<string, number>
  /** Parts of an environment from unknown collectors. */
  collectors: Record<string, number>
  /** Unknown kinds of note lines. */
  noteLines: Record<string, number>
}

declare const __VERSION__: string

/** Whether a record says that a later version of git-prov than this one wrote it. */
export function isByNewer({ tool }: Pick<ProvRecord, 'tool'>): boolean {
  return tool.name === 'git-prov' && isLater(tool.version, __VERSION__)
}

export const nothingNewer = (): Newer => ({ kinds: {}, members: {}, collectors: {}, noteLines: {} })

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] as number) : 0) + 1
}

/** As informational findings. Only the first of many names are listed; `--json` has all. */
export function newerFindings({ kinds, members, collectors, noteLines }: Newer): Finding[] {
  return [
    ...report(kinds, (name, n) => [`records/${name}`, `${plural(n, 'record')} of a kind`]),
    ...report(members, (name, n) => [name, `a member in ${plural(n, 'record')}`]),
    ...report(collectors, (name, n) => [`software.${name}`, `a part of ${plural(n, 'environment')}`]),
    ...report(noteLines, (name, n) => [`notes of ${name}`, `${plural(n, 'line')}`]),
  ]
}

const most = 20

function report(counts: Record<string, number>, words: (name: string, n: number) => [where: string, what: string]) {
  const names = Object.keys(counts).sort()
  return names.slice(0, most).map((name): Finding => {
    const [where, what] = words(name, counts[name] as number)
    return { code: 'newer', severity: 'info', where, message: `${what} from a newer git-prov` }
  })
}
