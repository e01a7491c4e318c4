import type { Path } from '../../base/yaml-file.ts'
import type { PolicyPart, Waiver } from '../../generated/types.ts'
import type { Line } from '../../records/note-lines/capture-note.ts'
import type { StoredRecord } from '../../records/record.ts'
import type { ReviewEvent } from '../../records/review.ts'
import type { DecisionDraft, DecisionFile, Evidence } from './decision.ts'
import type { DecisionEvent } from './event.ts'
import type { Role } from './roles.ts'

export type Level = 'info' | 'warning' | 'error'

/** What a rule finds at one place. */
export interface Diagnostic {
  /** The subject, as a waiver names it: a file, `commit <oid>`, `dataset <name>`. */
  where: string
  /** The file concerned, from the top of the work tree, and the member in it. */
  file?: string
  path?: Path
  /** Set when the place is known already. */
  line?: number
  column?: number
  message: string
  /** What to type or write. */
  hint: string
  /** Lowers the rule's own level. */
  level?: Level
}

/** A rule of `git prov check`: pure, over facts gathered beforehand. */
export interface CheckRule {
  name: string
  /** The level when the policy sets none. */
  level: Level
  /** One sentence. */
  summary: string
  /** Why the rule exists, and how to fix what breaks it. */
  explain: string
  check(facts: CheckFacts, others: readonly Problem[]): Diagnostic[]
}

/** A finding with the rule that made it. */
export interface Problem extends Diagnostic {
  rule: string
  level: Level
}

/** The state of a piece of evidence. `now` is its current digest, when that differs. */
export type EvidenceState =
  | { state: 'current' }
  /** minor: the change need not matter, such as another environment. */
  | { state: 'stale'; now?: string; reason: string; minor?: true }
  | { state: 'unknown'; now?: string; reason: string }
  | { state: 'unchecked'; reason: string }

/** Whether a decision's criteria are older than a run that answers them, and how that is known. */
export interface CriteriaOrder {
  /** Index into the decision's evidence. */
  index: number
  run: string
  order: 'before' | 'after' | 'unknown'
  reason: string
}

/** A commit under review, with its note lines. */
export interface CheckedCommit {
  oid: string
  subject: string
  message: string
  lines: readonly Line[]
  /** True when a capture was found for it, however matched. */
  captured: boolean
}

/** A change under review: everything between a base and HEAD. */
export interface CheckedChange {
  /** As typed. */
  base: string
  /** Changed files, from the top of the work tree. */
  files: readonly string[]
  commits: readonly CheckedCommit[]
}

export type WaiverFact = Pick<Waiver, 'rule' | 'where' | 'why' | 'expires' | 'time'> & { agent: string }

/** Projection for ledger/index/kind-index.ts. */
export const waiverFacts = {
  kind: 'waiver',
  version: 1,
  project: ({ record }: StoredRecord<Waiver>): WaiverFact => {
    const { rule, where, why, expires, time, agent } = record
    return { rule, where, why, expires, time, agent: agent.name }
  },
} as const

export interface CheckFacts {
  /** UTC date, 2026-11-23. */
  today: string
  /** Every decision file. */
  drafts: readonly DecisionDraft[]
  /** Whether a file is under review; others are read but not reported. */
  isFocus(file: string): boolean
  events: ReadonlyMap<string, readonly DecisionEvent[]>
  waivers: readonly WaiverFact[]
  reviews: readonly ReviewEvent[]
  /** The release under review, and its commit. */
  release?: { name: string; commit: string }
  policy: PolicyPart | undefined
  roles: ReadonlyMap<string, Role>
  /** Whether a name matches one of the globs. */
  matches(name: string, globs: readonly string[]): boolean
  /** Parameter files declared in prov.yaml. */
  parameterFiles: readonly string[]
  /** By evidenceKey. */
  evidence: ReadonlyMap<string, EvidenceState>
  /** By decision id. */
  criteria: ReadonlyMap<string, readonly CriteriaOrder[]>
  /** HEAD, when nothing else is under review. */
  head?: CheckedCommit
  change?: CheckedChange
  /** True when this clone has the provenance branch. */
  ledger: boolean
}

/** Identifies a piece of evidence within one check. */
export function evidenceKey({ run, dataset, commit, file, digest }: Evidence): string {
  if (run) return `run ${run}`
  if (commit) return `commit ${commit}`
  return dataset ? `dataset ${dataset} ${digest ?? ''}` : `file ${file} ${digest ?? ''}`
}

export type Readable = DecisionDraft & { decision: DecisionFile }
const read = new WeakMap<CheckFacts, readonly Readable[]>()

/** The parsed decisions under review, with their files. */
export function readable(facts: CheckFacts): readonly Readable[] {
  const known = read.get(facts)
  if (known) return known
  const found = facts.drafts.filter(
    (draft): draft is Readable => facts.isFocus(draft.file) && draft.decision !== undefined,
  )
  read.set(facts, found)
  return found
}

/** Statuses of decisions that are no longer in force. */
export const pastStatuses: ReadonlySet<string> = new Set(['rejected', 'deprecated', 'superseded', 'withdrawn'])
