import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../repository.ts'
import { tryGit } from '../run.ts'

/** A reflog line: where HEAD moved, when, and what git says moved it. */
export interface ReflogEntry {
  oid: string
  /** Seconds since the epoch. */
  seconds: number
  subject: string
}

/** The reflogs of HEAD in every work tree of the repository, each newest first. */
export function readHeadReflogs(repository: Repository, sinceSeconds: number): ReflogEntry[] {
  return headRefs(repository)
    .flatMap((ref) => readReflog(repository, ref, sinceSeconds))
    .filter(({ seconds }) => seconds >= sinceSeconds)
}

function headRefs(repository: Repository): string[] {
  let worktrees: string[] = []
  try {
    worktrees = readdirSync(join(repository.commonDir, 'worktrees'))
  } catch {
    // none linked
  }
  return ['main-worktree/HEAD', ...worktrees.map((name) => `worktrees/${name}/HEAD`)]
}

function readReflog(repository: Repository, ref: string, sinceSeconds: number): ReflogEntry[] {
  // %gd with --date=raw is when the ref moved; %ct would be the committer date, which a rebase may or may not keep.
  const args = [
    'log',
    '-g',
    '-z',
    '--date=raw',
    '--no-show-signature',
    '--format=%H %gd %gs',
    `--since=${sinceSeconds}`,
    ref,
    '--',
  ]
  const result = tryGit(repository, args)
  if (result.status !== 0) return []
  return result.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = line.match(/^([0-9a-f]+) .*?@\{(\d+) [+-]\d{4}\} (.*)$/s)
      return match ? [{ oid: match[1] as string, seconds: Number(match[2]), subject: match[3] as string }] : []
    })
}

// What git writes when HEAD moves to a commit that this clone made. Moves to existing commits (checkout, reset,
// fast-forward, the start and the end of a rebase) do not match.
const made = [
  /^commit( \((initial|amend|merge|cherry-pick)\))?: /,
  /^(cherry-pick|revert|am): /,
  /^(merge|pull)\b.*: Merge made by /,
  /^(rebase|pull)\b.*\((pick|reword|edit|squash|fixup|merge|continue|finish-amend)\): /,
]

/** Whether a reflog line describes a commit made in this clone. */
export function isMadeHere(entry: ReflogEntry): boolean {
  return made.some((pattern) => pattern.test(entry.subject))
}
