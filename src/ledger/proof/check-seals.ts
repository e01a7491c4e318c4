import { type Finding, finding } from '../../base/finding.ts'
import type { CommitChanges } from '../../git/objects/changes.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { classifyPath } from '../../records/layout.ts'
import { parseRecord, type Seal, type StoredRecord } from '../../records/record.ts'
import { readRedactions } from '../removal/rewriting.ts'
import { agentFindings, type CheckedSignatures, checkSignatures } from './check-signatures.ts'
import { sealOf } from './seal.ts'

/** What `git prov verify --signatures` has found beside its findings. */
export interface Vouched {
  commits: number
  /** Commits with a good signature of their own. */
  signed: number
  /** Commits a later good signature vouches for. */
  vouched: number
}

/** Checks the signatures of the branch, that signers are the records' agents, and what seals say they sealed. */
export async function checkSeals(
  repository: Repository,
  objects: ObjectReader,
  commits: readonly CommitChanges[],
  allowedSigners?: string,
): Promise<{ findings: Finding[]; counts: Vouched }> {
  const own = commits.filter(({ parents, author }) => parents.length > 0 && author.email !== 'git-prov@localhost')
  const checked = await checkSignatures(repository, objects, own, allowedSigners)
  const records = await recordsOf(objects, commits, checked)
  const tip = commits.at(-1)?.commit
  const rewritten = tip !== undefined && (await readRedactions(repository, objects, tip)).length > 0
  const findings = [...checked.findings, ...agentFindings(records, checked.signatures)]
  for (const [commit, stored] of records)
    for (const { record } of stored)
      if (record.kind === 'seal') findings.push(...sealFindings(repository, commit, record, rewritten))
  const signed = [...checked.signatures.values()].filter(
    ({ state, signer }) => state === 'good' && signer !== '',
  ).length
  const vouched = own.filter(({ commit }) => checked.vouched.has(commit)).length
  return { findings, counts: { commits: own.length, signed, vouched } }
}

/** The records each commit adds whose signature was looked at. */
async function recordsOf(
  objects: ObjectReader,
  commits: readonly CommitChanges[],
  { signatures }: CheckedSignatures,
): Promise<Map<string, StoredRecord[]>> {
  const found = new Map<string, StoredRecord[]>()
  for (const { commit, changes, parents } of commits) {
    if (!signatures.has(commit) || parents.length > 1) continue
    for (const { path, oid } of changes[0] ?? []) {
      const stored = await readStored(objects, path, oid)
      if (stored) found.set(commit, [...(found.get(commit) ?? []), stored])
    }
  }
  return found
}

async function readStored(objects: ObjectReader, path: string, oid: string): Promise<StoredRecord | undefined> {
  const file = classifyPath(path)
  const blob = file?.kind === 'record' ? await objects.read(oid) : undefined
  try {
    return blob && file?.kind === 'record' ? parseRecord(blob.body, file.id) : undefined
  } catch {
    return undefined
  }
}

function sealFindings(repository: Repository, commit: string, { tip, digest }: Seal, rewritten: boolean): Finding[] {
  const where = commit.slice(0, 12)
  const before = tryGit(repository, ['merge-base', '--is-ancestor', tip, commit]).status === 0
  if (!before && rewritten) {
    const message = `seals ${tip.slice(0, 12)}, a history that a redaction rewrote since`
    return [{ code: 'seal-rewritten', severity: 'info', where, message, hint: 'git prov seal signs what is there now' }]
  }
  if (!before) return [finding('seal', where, `seals ${tip.slice(0, 12)}, which is not before it`)]
  return sealOf(repository, tip).digest === digest
    ? []
    : [finding('seal', where, `seals other files than ${tip.slice(0, 12)} holds`)]
}
