import type { Brief } from '../../records/record.ts'
import type { DecisionFile } from './decision.ts'

/** A short account of a commit or a range. */
export interface BriefView {
  /** Newest first. */
  commits: { oid: string; subject: string }[]
  outcome: string[]
  impact: string[]
  tradeOffs: string[]
  /** Ids of the decisions and briefs it is made from. */
  from: { decisions: string[]; briefs: string[] }
}

/** Builds a brief from what people wrote and from the decisions that came with the commits. */
export function foldBrief(
  commits: BriefView['commits'],
  briefs: readonly { id: string; record: Brief }[],
  decisions: readonly { slug: string; decision: DecisionFile }[],
): BriefView {
  const said = (pick: (brief: Brief) => string | undefined) =>
    briefs.flatMap(({ record }) => pick(record)?.trim() || [])
  const outcome = decisions.map(({ decision: { title, chosen, planned } }) => {
    const plan = planned?.trim() || (chosen && `Chosen: ${chosen}`)
    return plan ? `${title}. ${plan}` : title
  })
  return {
    commits,
    outcome: [...said(({ outcome: text }) => text), ...outcome],
    impact: [
      ...said(({ impact }) => impact),
      ...decisions.flatMap(({ decision }) => decision.expected_impact?.trim() || []),
    ],
    tradeOffs: [
      ...said(({ tradeOffs }) => tradeOffs),
      ...decisions.flatMap(({ decision }) => decision.trade_offs ?? []),
    ],
    from: { decisions: decisions.map(({ slug }) => slug), briefs: briefs.map(({ id }) => id) },
  }
}
