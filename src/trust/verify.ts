import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { type Finding, type FindingsView, toFindingsView } from '../base/finding.ts'
import { softwareNames } from '../collect/environment.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { type CommitChanges, readChanges } from '../git/objects/changes.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { rootName } from '../ledger/append/init.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { checkBranch } from '../ledger/proof/check-branch.ts'
import type { Checked } from '../ledger/proof/check-file.ts'
import { checkHistory } from '../ledger/proof/check-history.ts'
import { checkNotes } from '../ledger/proof/check-notes.ts'
import { checkRemovers } from '../ledger/proof/check-removers.ts'
import { checkSeals, type Vouched } from '../ledger/proof/check-seals.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import { readLetGo } from '../ledger/removal/removals.ts'
import { type Newer, newerFindings, nothingNewer } from '../records/newer.ts'
import type { Archive, Redaction } from '../records/record.ts'

export interface VerifyOptions {
  /** Also check signatures. */
  signatures: boolean
  /** An allowed-signers file as typed; by default git's own setting. */
  allowedSigners: string | undefined
  /** How many files have been checked; negative when done. */
  progress(done: number): void
}

/** What `verify --json` prints. */
export type VerifyView = FindingsView & { checked: Checked; newer: Newer; signatures?: Vouched }

/** What the checks have in common. */
interface Verification extends VerifyOptions {
  context: Context
  repository: Repository
  branchRef: string
  /** Commits of the branch, oldest first. */
  commits(): readonly CommitChanges[]
  checked: Checked
  newer: Newer
  vouched?: Vouched
}

type Check = (verification: Verification) => Promise<Finding[]>

/** Every check, in the order they run and are reported. */
const checks: readonly Check[] = [files, history, notes, removers, signatures, newerThings]

/** Verifies every file and link on the branch, the notes and the branch's history. Throws `not-initialised`. */
export async function verifyBranch(context: Context, options: VerifyOptions): Promise<VerifyView> {
  const repository = context.repository()
  const { branchRef } = readSettings(repository)
  requireBranch(repository, branchRef)
  let read: CommitChanges[] | undefined
  const commits = () => {
    read ??= readChanges(repository, [branchRef])
    return read
  }
  const checked = { records: 0, environments: 0, manifests: 0 }
  const verification: Verification = {
    ...options,
    context,
    repository,
    branchRef,
    commits,
    checked,
    newer: nothingNewer(),
  }
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await check(verification)))
  const { vouched, newer } = verification
  return toFindingsView(findings, { checked: verification.checked, newer, ...(vouched && { signatures: vouched }) })
}

async function files(verification: Verification): Promise<Finding[]> {
  const findings: Finding[] = []
  const { counts, newer } = await checkBranch(verification.repository, findings, verification.progress)
  verification.checked = counts
  verification.newer = { ...newer, collectors: withoutOurs(newer.collectors) }
  return findings
}

async function history({ repository, branchRef, commits }: Verification): Promise<Finding[]> {
  const letGo = await readLetGo(repository, branchRef)
  const mayGo = (path: string) => letGo.has(path)
  return checkHistory(commits(), { root: rootName(repository), isKnownText: () => true, mayGo })
}

async function notes(verification: Verification): Promise<Finding[]> {
  const { findings, newer } = await checkNotes(verification.repository)
  verification.newer.noteLines = newer
  return findings
}

/** Checks who removed files against the policy of the work tree. */
async function removers({ repository }: Verification): Promise<Finding[]> {
  const records: { path: string; record: Archive | Redaction }[] = []
  for await (const outcome of readRecords(repository, ['archive', 'redaction'])) {
    if (!('stored' in outcome)) continue
    const { record } = outcome.stored
    if (record.kind === 'archive' || record.kind === 'redaction') records.push({ path: outcome.entry.path, record })
  }
  if (records.length === 0) return []
  return checkRemovers(records, (await loadConfig(repository, localDir(repository).cache)).policy)
}

async function signatures(verification: Verification): Promise<Finding[]> {
  const { context, repository, allowedSigners: signers } = verification
  if (!verification.signatures && !signers) return []
  const file = signers === undefined ? undefined : resolve(context.cwd, signers)
  if (file !== undefined && !existsSync(file))
    throw new ProvError('usage', `there is no file '${signers}'`, {
      hint: 'one line a person: <mail> namespaces="git" <public key> (ssh-keygen(1), ALLOWED SIGNERS)',
    })
  const objects = new ObjectReader(repository)
  try {
    const { findings, counts } = await checkSeals(repository, objects, verification.commits(), file)
    verification.vouched = counts
    return findings
  } finally {
    objects.close()
  }
}

/** What only a newer git-prov knows: reported, but not an error. */
async function newerThings({ newer }: Verification): Promise<Finding[]> {
  return newerFindings(newer)
}

/** The parts of environments that no collector of this version finds. */
function withoutOurs(collectors: Newer['collectors']): Newer['collectors'] {
  return Object.fromEntries(Object.entries(collectors).filter(([name]) => !softwareNames.has(name)))
}
