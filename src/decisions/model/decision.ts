import type { FileProblem, Places } from '../../base/yaml-file.ts'
import type { Criterion, DecisionFile, DecisionOption, Evidence, FollowUp } from '../../generated/types.ts'

export type { Criterion, DecisionFile, DecisionOption, Evidence, FollowUp }

/** A decision's relation to others, which every check reads of every file. */
export type DecisionLinks = Pick<DecisionFile, 'status' | 'supersedes' | 'superseded_by'>

/** A parsed decision file: the decision, or what is wrong with the text. */
export interface DecisionDraft {
  /** Relative to the top of the work tree. */
  file: string
  /** The decision's id. */
  slug: string
  /** SHA-256 of the file's bytes. */
  digest: string
  /** Absent when there are problems. */
  decision?: DecisionFile
  places?: Places
  links?: DecisionLinks
  problems: FileProblem[]
}

export type DecisionStatus = DecisionFile['status']

export function linksOf({ status, supersedes, superseded_by }: DecisionFile): DecisionLinks {
  return { status, ...(supersedes && { supersedes }), ...(superseded_by && { superseded_by }) }
}
