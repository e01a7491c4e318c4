/** The current chain of notes commits, from its parentless first one, as far as this clone made them. */
export interface NotesChain {
  commits: number
  /** When the first was made, in ms since the epoch. */
  since: number
}

// A notes commit with its trees takes 0.6 KB forever, and the history of an index is worthless: it can be rebuilt. So the
// chain restarts now and then, and git prunes the old one. Not sooner than git prunes by itself (gc.pruneExpire, two
// weeks), and not after more commits than git can keep as loose objects meanwhile (three each; gc.auto, 6,700), which is
// how git before 2.41 keeps them until they are old enough.
const age = 15 * 86_400_000
const most = 1500

/** The chain after one more commit; `commits` is 1 when that commit must have no parent. `now` is in ms since the epoch. */
export function growChain(chain: NotesChain | undefined, now: number): NotesChain {
  if (!chain) return { commits: 2, since: now }
  if (chain.commits <= most && now - chain.since >= age) return { commits: 1, since: now }
  return { ...chain, commits: chain.commits + 1 }
}
