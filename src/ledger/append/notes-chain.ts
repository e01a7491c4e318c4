/** The notes commits since the first that has no parent, as far as this clone made them. */
export interface NotesChain {
  commits: number
  /** ms since the epoch of the first of them. */
  since: number
}

// A notes commit with its trees costs 0.6 KB for good, and the history of an index is worth nothing: what it held can
// be rebuilt. So now and then the chain begins anew and git prunes the old one. Not sooner than git prunes by itself
// (gc.pruneExpire, two weeks), and not after more commits than git can keep as loose objects meanwhile (three each;
// gc.auto, 6,700): until they are old enough that is how git before 2.41 keeps them.
const age = 15 * 86_400_000
const most = 1500

/** The chain after one more commit; `commits` 1 says that this one has no parent. `now` in ms since the epoch. */
export function growChain(chain: NotesChain | undefined, now: number): NotesChain {
  if (!chain) return { commits: 2, since: now }
  if (chain.commits <= most && now - chain.since >= age) return { commits: 1, since: now }
  return { ...chain, commits: chain.commits + 1 }
}
