/** Something that tells why: a decision, a run, a brief, a review or a commit, and how it is tied to what was asked. */
export interface Reason {
  kind: 'decision' | 'run' | 'brief' | 'review' | 'commit'
  /** Slug, id or commit. */
  id: string
  title: string
  /** RFC 3339; empty when it is not known. */
  time: string
  /** How it is tied, e.g. `brought by the same merge`. */
  how: string
  /** The nearer the smaller: 0 is the very commit or file. */
  distance: number
  /** More lines: the reason in a decision's own words, a brief's outcome. */
  details: string[]
}

/** Each thing once, by its nearest tie; the nearest first, then decisions before the rest, then the newest. */
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
