import type { Listing } from './listing.ts'
import type { WalkProblem } from './walk.ts'

/** An annexed file whose key has no SHA-256: its content, where this clone has it, has to say it. */
export interface Unkeyed {
  path: string
  key: string
  size?: number
  md5?: string
}

/** What a commit holds below a folder. Paths are byte strings relative to it. */
export interface Committed {
  listing: Listing
  problems: WalkProblem[]
  unkeyed: Unkeyed[]
  /** Links to something that is not in the commit. */
  elsewhere: string[]
}
