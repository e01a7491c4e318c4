import type { Path } from '../../base/yaml-file.ts'
import type { PolicyPart, Waiver } from '../../generated/types.ts'
import type { Line } from '../../records/capture-note.ts'
import type { StoredRecord } from '../../records/record.ts'
import type { ReviewEvent } from '../../records/review.ts'
import type { DecisionDraft, DecisionFile, Evidence } from './decision.ts'
import type { DecisionEvent } from './event.ts'
import type { Role } from './roles.ts'

export type Level = 'info' | 'warning' | 'error'

/** What a rule has to say of a place. */
export interface Diagnostic {
  /** What it is about, for a waiver to name: a file, `commit <oid>`, `dataset <name>`. */
  where: string
  /** The file to look at, from the top of the work tree, and the member in it. */
  file?: string
  path?: Path
  /** Where the place is known already. */
  line?: number
  column?: number
  message: string
  /** What to type or to write. */
  hint: string
  /** Weighs this instead of what the rule weighs. */
  level?: Level
}

/** A rule of `git prov check`: pure, over facts that were gathered before. */
export interface CheckRule {
  name: string
  /** What it weighs when the policy says nothing. */
  level: Level
  /** One sentence. */
  summary: string
  /** Why there is the rule, and how to make right what breaks it. */
  explain: string
  check(facts: CheckFacts, others: readonly Problem[]): Diagnostic[]
}

/** A remark with the rule that made it. */
export interface Problem extends Diagnostic {
  rule: string
  level: Level
}

/** What is known of a piece of evidence. `now` is what it is today, when that is something else. */
export type EvidenceState =
  | { state: 'current' }
  /** minor: what changed need not matter, such as the environment. */
  | { state: 'stale'; now?: string; reason: string; minor?: true }
  | { state: 'unknown'; now?: string; reason: string }
  | { state: 'unchecked'; reason: string }

/** Whether a decision's criteria stood before a run that answers them, and how that is known. */
export interface CriteriaOrder {
  /** Place among the decision's evidence. */
  index: number
  run: string
  order: 'before' | 'after' | 'unknown'
  reason: string
}

/** A commit that is looked at, with what its note says. */
export interface CheckedCommit {
  oid: string
  subject: string
  message: string
  lines: readonly Line[]
  /** True when a capture was found for it, by whatever way. */
  captured: boolean
}

/** A change under review: what lies between a base and HEAD. */
export interface CheckedChange {
  /** As typed. */
  base: string
  /** Changed files, from the top of the work tree. */
  files: readonly string[]
  commits: readonly CheckedCommit[]
}

export type WaiverFact = Pick<Waiver, 'rule' | 'where' | 'why' | 'expires' | 'time'> & { agent: string }

/** For ledger/kind-index.ts. */
export const waiverFacts = {
  kind: 'waiver',
  version: 1,
  project: ({ record }: StoredRecord<Waiver>): WaiverFact => {
    const { rule, where, why, expires, time, agent } = record
    return { rule, where, why, expires, time, agent: agent.name }
  },
} as const

export interface CheckFacts {
  /** UTC, 2026-11-23. */
  today: string
  /** Every decision file. */
  drafts: readonly DecisionDraft[]
  /** The files that are under review; what lies elsewhere is read, and not told of. */
  isFocus(file: string): boolean
  events: ReadonlyMap<string, readonly DecisionEvent[]>
  waivers: readonly WaiverFact[]
  reviews: readonly ReviewEvent[]
  /** The release that is asked about, and its commit. */
  release?: { name: string; commit: string }
  policy: PolicyPart | undefined
  roles: ReadonlyMap<string, Role>
  /** Whether one of the globs fits a name. */
  matches(name: string, globs: readonly string[]): boolean
  /** Parameter files as prov.yaml declares them. */
  parameterFiles: readonly string[]
  /** By evidenceKey. */
  evidence: ReadonlyMap<string, EvidenceState>
  /** By decision. */
  criteria: ReadonlyMap<string, readonly CriteriaOrder[]>
  /** HEAD, when nothing else is under review. */
  head?: CheckedCommit
  change?: CheckedChange
  /** True when there is a provenance branch here. */
  ledger: boolean
}

/** Names a piece of evidence within one check. */
export function evidenceKey({ run, dataset, commit, file, digest }: Evidence): string {
  if (run) return `run ${run}`
  if (commit) return `commit ${commit}`
  return dataset ? `dataset ${dataset} ${digest ?? ''}` : `file ${file} ${digest ?? ''}`
}

export type Readable = DecisionDraft & { decision: DecisionFile }
const read = new WeakMap<CheckFacts, readonly Readable[]>()

/** The decisions under review that can be read, with their files. */
export function readable(facts: CheckFacts): readonly Readable[] {
  const known = read.get(facts)
  if (known) return known
  const found = facts.drafts.filter(
    (draft): draft is Readable => facts.isFocus(draft.file) && draft.decision !== undefined,
  )
  read.set(facts, found)
  return found
}

/** Statuses of a decision that no longer guides what the team does. */
export const pastStatuses: ReadonlySet<string> = new Set(['rejected', 'deprecated', 'superseded', 'withdrawn'])
