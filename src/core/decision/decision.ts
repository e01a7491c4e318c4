import type { Criterion, DecisionFile, DecisionOption, Evidence, FollowUp } from '../../generated/types.ts'
import type { FileProblem } from '../yaml-file.ts'

export type { Criterion, DecisionFile, DecisionOption, Evidence, FollowUp }

/** A decision file as read: the decision, or what is wrong with the text. */
export interface DecisionDraft {
  /** Relative to the top of the work tree. */
  file: string
  /** The decision's id. */
  slug: string
  /** SHA-256 of the file's bytes. */
  digest: string
  /** Absent when there are problems. */
  decision?: DecisionFile
  problems: FileProblem[]
}

export type DecisionStatus = DecisionFile['status']
