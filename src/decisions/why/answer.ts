/** Something that explains: a decision, run, brief, review or commit, and how it relates to the question. */
export interface Reason {
  kind: 'decision' | 'run' | 'brief' | 'review' | 'commit'
  /** Slug, id or commit. */
  id: string
  title: string
  /** RFC 3339; empty when not known. */
  time: string
  /** How it relates, e.g. `brought by the same merge`. */
  how: string
  /** Smaller is nearer: 0 is the commit or file itself. */
  distance: number
  /** Further lines: a decision's reason, a brief's outcome. */
  details: string[]
}

/** Each thing once, by its shortest distance; nearest first, then decisions before the rest, then newest first. */
export function orderReasons(reasons: readonly Reason[]): Reason[] {
  const nearest = new Map<string, Reason>()
  for (const reason of reasons) {
    const key = `${reason.kind} ${reason.id}`
    const known = nearest.get(key)
    if (!known || reason.distance < known.distance) nearest.set(key, reason)
  }
  const rank = ({ kind }: Reason) => ['decision', 'brief', 'run', 'review', 'commit'].indexOf(kind)
  return [...nearest.values()].sort(
    (a, b) => a.distance - b.distance || rank(a) - rank(b) || (a.time < b.time ? 1 : a.time > b.time ? -1 : 0),
  )
}
