import type { Figure } from '../base/figure.ts'
import type { Problem } from '../decisions/model/problem.ts'
import type { CaptureDiff } from '../history/capture-diff.ts'

/** Everything about a change under review but its code, as shown in one Markdown comment. */
export interface PullRequestView {
  /** As typed. */
  base: string
  /** Commit names. */
  from: string
  to: string
  commits: number
  code: { files: number; added: number; removed: number }
  /** Undefined when either end has no capture. */
  capture: CaptureDiff | undefined
  runs: PullRequestRun[]
  decisions: PullRequestDecision[]
  briefs: { outcome: string; impact?: string; tradeOffs?: string }[]
  /** What is missing or wrong, and who has to fix it. */
  problems: Problem[]
  lineage: Lineage
}

export interface PullRequestRun {
  id: string
  stage?: string
  name?: string
  status: string
  answer?: 'met' | 'not-met' | 'unknown'
  metrics: { name: string; value: Figure; baseline?: Figure; direction?: 'maximize' | 'minimize' }[]
  /** What the metrics are compared with, in words. */
  baseline?: string
}

export interface PullRequestDecision {
  slug: string
  title: string
  status: string
  /** proposed and accepted by this change; stale: rests on what this change replaces. */
  part: 'proposed' | 'accepted' | 'other' | 'stale'
  reviewers: string[]
  reasons: string[]
}

export interface Lineage {
  nodes: { id: string; label: string; shape: 'data' | 'run' | 'file' | 'decision' }[]
  edges: { from: string; to: string }[]
}
