import { type Finding, finding } from '../../../base/finding.ts'
import type { GuardPolicy } from '../../../config/guard-policy.ts'
import { readChanges } from '../../../git/objects/changes.ts'
import { ObjectReader, objectName } from '../../../git/objects/objects.ts'
import { listRefs } from '../../../git/refs/refs.ts'
import type { Repository } from '../../../git/repository.ts'
import { tryGit } from '../../../git/run.ts'
import { removingKinds } from '../../../records/branch/removal.ts'
import { branchFiles, rootName } from '../../append/init.ts'
import { readSettings } from '../../local/settings.ts'
import { listFiles } from '../../read/read.ts'
import { readRemovals } from '../../removal/removals.ts'
import { checkHistory } from '../check-history.ts'
import { checkAdded } from './check-added.ts'
import { checkAuthors, type Pusher } from './check-authors.ts'
import { checkRewriting, type Replaced } from './check-rewriting.ts'

/** One line of pre-receive's input (githooks(5)); undefined where git writes zeros. */
export interface PushedRef {
  ref: string
  from: string | undefined
  to: string | undefined
}

export interface PushRules {
  policy: GuardPolicy
  pusher: Pusher
  /** An allowed-signers file; without one git's own setting counts. */
  allowedSigners?: string
}

const inboxPrefix = 'refs/prov/inbox/'

/**
 * What is wrong with a push, before any ref moves: on the provenance branch and its inboxes files are only added, in
 * every commit against every parent, each is what its name says, and who wrote it may. Other refs are none of ours.
 */
export async function checkPush(
  repository: Repository,
  refs: readonly PushedRef[],
  rules: PushRules,
): Promise<Finding[]> {
  const { branchRef, notesRef } = readSettings(repository)
  const findings: Finding[] = []
  for (const pushed of refs) {
    if (pushed.ref === notesRef)
      findings.push(
        finding(
          'notes-pushed',
          pushed.ref,
          'notes are made in each clone, from the branch; they are not pushed',
          `git push <remote> ${branchRef.slice('refs/heads/'.length)}`,
        ),
      )
    else if (pushed.ref === branchRef || pushed.ref.startsWith(inboxPrefix))
      findings.push(...(await checkRef(repository, pushed, refs, branchRef, rules)))
  }
  return findings
}

async function checkRef(
  repository: Repository,
  pushed: PushedRef,
  refs: readonly PushedRef[],
  branchRef: string,
  rules: PushRules,
): Promise<Finding[]> {
  const { ref, from, to } = pushed
  if (!to && ref !== branchRef && isFolded(repository, from, refs, branchRef)) return []
  if (!to) return [finding('deleted', ref, 'cannot be deleted: what it holds is not on the branch', 'git prov sync')]
  if (tryGit(repository, ['cat-file', '-t', to]).stdout.toString('latin1').trim() !== 'commit')
    return [finding('not-a-commit', ref, 'must point to a commit')]
  const replaced = from && !contains(repository, from, to) ? await replace(repository, ref, from, to, rules) : undefined
  if (replaced && 'reason' in replaced) return [finding('replaced', ref, replaced.reason, 'git prov sync')]
  // Only what the branch and its inboxes hold was checked before: another ref may hold anything.
  const known = [...listRefs(repository, [branchRef, inboxPrefix]).values(), ...(replaced ? [replaced.upTo] : [])]
  return await checkRange(repository, to, known, rules)
}

async function replace(
  repository: Repository,
  ref: string,
  from: string,
  to: string,
  { policy }: PushRules,
): Promise<Replaced> {
  const objects = new ObjectReader(repository)
  try {
    return ref.startsWith(inboxPrefix)
      ? { reason: 'its history would be replaced; nothing is ever force-pushed here' }
      : await checkRewriting(repository, objects, from, to, policy)
  } finally {
    objects.close()
  }
}

/** The same check of what a tip has that `known` commits have not. */
export async function checkRange(
  repository: Repository,
  tip: string,
  known: readonly string[],
  rules: PushRules,
): Promise<Finding[]> {
  const commits = readChanges(repository, [tip, '--not', ...known])
  const texts = new Map(
    [...branchFiles()].map(([path, bytes]) => [path, objectName('blob', bytes, repository.oidLength)]),
  )
  const objects = new ObjectReader(repository)
  try {
    const letGo = await allowedRemovals(repository, objects, tip, rules.policy)
    const history = checkHistory(commits, {
      root: rootName(repository),
      isKnownText: (path, oid) => texts.get(path) === oid,
      mayGo: (path) => letGo.has(path),
    })
    if (history.length > 0) return history
    const { findings, records } = await checkAdded(repository, objects, tip, commits)
    return [...findings, ...(await checkAuthors(repository, objects, commits, records, rules))]
  } finally {
    objects.close()
  }
}

/** What archive and redaction records let go; only of kinds the policy names writers for, who are then the ones who may. */
async function allowedRemovals(
  repository: Repository,
  objects: ObjectReader,
  tip: string,
  { writers }: GuardPolicy,
): Promise<Set<string>> {
  const folders = removingKinds.filter((kind) => writers[kind]?.length).map((kind) => `records/${kind}/`)
  return folders.length > 0 ? await readRemovals(objects, listFiles(repository, tip, folders)) : new Set()
}

/** Whether an inbox's commits are on the branch, as it is or as this very push makes it. */
function isFolded(
  repository: Repository,
  tip: string | undefined,
  refs: readonly PushedRef[],
  branchRef: string,
): boolean {
  const branch = refs.find(({ ref }) => ref === branchRef)?.to ?? listRefs(repository, [branchRef]).get(branchRef)
  return tip !== undefined && branch !== undefined && contains(repository, tip, branch)
}

function contains(repository: Repository, ancestor: string, descendant: string): boolean {
  return tryGit(repository, ['merge-base', '--is-ancestor', ancestor, descendant]).status === 0
}
