import { ProvError } from '../../base/errors.ts'
import { durable, git, gitFailed, type Place, tryGit } from '../run.ts'

/** Commits in a tip's history that added one of these paths, newest first. */
export function introducedBy(place: Place, tip: string, paths: readonly string[]): string[] {
  const args = ['log', '--format=%H', '--full-history', '--no-renames', '--diff-filter=A', tip, '--', ...paths]
  return git(place, args).toString('latin1').split('\n').filter(Boolean)
}

/** Whether a tip's history contains any of these commits; they need not exist in this repository. */
export function holdsOneOf(place: Place, tip: string, commits: readonly string[]): boolean {
  return commits.some((commit) => tryGit(place, ['merge-base', '--is-ancestor', commit, tip]).status === 0)
}

/**
 * Rewrites the history of a ref without some paths: every commit from the first of `introduced` on, keeping author, date,
 * message, parents and all other content. Signatures are lost, since what they signed is gone. Returns the new tip; no
 * ref moves. Throws `git`.
 */
export function rewriteWithout(
  place: Place & { oidLength: number },
  ref: string,
  paths: readonly string[],
  introduced: readonly string[],
): string {
  const before = boundary(place, introduced).map((commit) => `^${commit}`)
  const options = ['--no-data', '--reference-excluded-parents', '--reencode=no', '--signed-tags=strip']
  const exported = git(place, ['fast-export', ...options, ref, ...before])
  const zero = '0'.repeat(place.oidLength)
  const args = [...durable, 'fast-import', '--quiet', '--done', '--date-format=raw-permissive']
  const result = tryGit(place, args, without(exported, new Set(paths), zero))
  const tip = result.stdout.toString('latin1').trim().split('\n').at(-1)
  if (result.status !== 0 || !tip) throw gitFailed(args, result.stderr)
  return tip
}

/** Parents of introducing commits with none of these in their own history, which therefore stays unchanged. */
function boundary(place: Place, introduced: readonly string[]): string[] {
  const listed = git(place, ['rev-list', '--no-walk', '--parents', ...introduced]).toString('latin1')
  const parents = new Set(
    listed
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => line.split(' ').slice(1)),
  )
  return [...parents].filter((parent) => !holdsOneOf(place, parent, introduced))
}

const temporary = 'refs/prov/tmp/rewriting'

/** Filters some paths out of a git-fast-export(1) stream, aimed at a temporary ref, and makes it print the last commit's name. */
function without(stream: Buffer, paths: ReadonlySet<string>, zero: string): Buffer {
  const kept: Buffer[] = []
  let mark = ''
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf(10, at) + 1
    if (end === 0) throw new ProvError('git', 'git fast-export ended in the middle of a line')
    const line = stream.toString('latin1', at, end - 1)
    const length = line.match(/^data (\d+)$/)?.[1]
    const next = length === undefined ? end : end + Number(length)
    if (line.startsWith('mark ')) mark = line.slice('mark '.length)
    if (/^(commit|reset) /.test(line)) kept.push(Buffer.from(`${line.split(' ')[0]} ${temporary}\n`))
    else if (line !== 'done' && !isChangeOf(line, paths)) kept.push(stream.subarray(at, next))
    at = next
  }
  kept.push(Buffer.from(`get-mark ${mark}\nreset ${temporary}\nfrom ${zero}\n\ndone\n`))
  return Buffer.concat(kept)
}

function isChangeOf(line: string, paths: ReadonlySet<string>): boolean {
  const path = line.match(/^M \d+ [0-9a-f]+ (.+)$/)?.[1] ?? line.match(/^D (.+)$/)?.[1]
  return path !== undefined && paths.has(path)
}
