import { classifyPath } from '../../records/layout.ts'

/** How many records are among some paths, as people count them: patch ids are written down beside what they did. */
export function countRecords(paths: readonly { path: string }[]): number {
  return paths.filter(({ path }) => {
    const file = classifyPath(path)
    return file?.kind === 'record' && file.recordKind !== 'patches'
  }).length
}

/** What a sync with one remote came to. `--json` prints a list of these. */
export interface SyncView {
  remote: string
  url: string
  /**
   * up-to-date: nothing to do. synced: the remote's branch holds all of ours. received: fetched and joined, and nothing
   * was to be sent. inbox: it was too busy; ours lies in this clone's inbox there, safe, for the next to fold in.
   * kept: ours is still only here. rewritten: so it is, since the remote still has the history a redaction rewrote here.
   */
  state: 'up-to-date' | 'synced' | 'received' | 'inbox' | 'kept' | 'rewritten'
  /** Records that came. */
  received: number
  /** Records that went. */
  sent: number
  /** Inboxes of other clones whose records were folded in. */
  folded: number
  /** Attempts that another writer won. */
  races: number
  /**
   * The commit the remote's branch had when it was last seen, when it has it no more and no redaction we accept explains
   * that: its history was replaced. What was here is still here, and goes there again.
   */
  replaced?: string
  /** Why it was not reached, or did not take what was sent. */
  problem?: string
}

/** What a dry run says would go where. */
export interface SyncPlan {
  remote: string
  url: string
  /** Records that are here and were not there when it was last asked. */
  records: number
  /** Branch commits that would go. */
  commits: number
  branch: string
}
