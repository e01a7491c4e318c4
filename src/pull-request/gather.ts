import { ProvError } from '../base/errors.ts'
import { gatherFacts } from '../checks/facts.ts'
import { runRules } from '../checks/run-rules.ts'
import type { Context } from '../context.ts'
import { readBriefs } from '../decisions/brief/briefs.ts'
import { resolveCommit } from '../git/history/resolve-commit.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { gitText, tryGit } from '../git/run.ts'
import { type CaptureDiff, diffCaptures } from '../history/capture-diff.ts'
import { readSide } from '../history/diff-side.ts'
import { decisionsOf } from './decisions.ts'
import { lineageOf } from './lineage.ts'
import type { PullRequestView } from './pull-request.ts'
import { readRunsOf } from './runs.ts'

/** Everything to report about the change from a base to HEAD. Throws `unknown-revision`. */
export async function gatherPullRequest(
  context: Context,
  objects: ObjectReader,
  base: string,
): Promise<PullRequestView> {
  const repository = context.repository()
  const facts = await gatherFacts(context, objects, { base, staged: false, words: [] })
  const commits = facts.change?.commits ?? []
  const to = resolveCommit(repository, 'HEAD') as string
  const from = mergeBase(repository, base)
  const runs = await readRunsOf(context, objects, commits, from)
  const all = new Set(commits.map(({ oid }) => oid))
  const briefs = (await readBriefs(repository, objects)).filter((brief) => brief.commits.some((oid) => all.has(oid)))
  return {
    base,
    from,
    to,
    commits: commits.length,
    code: codeOf(repository, from),
    capture: await captureDiff(repository, objects, from, to),
    runs: runs.map(({ row }) => row),
    decisions: await decisionsOf(context, objects, facts, from),
    briefs,
    problems: runRules(facts).problems,
    lineage: lineageOf(runs.map(({ view }) => view)),
  }
}

/** A shallow checkout may have no common commit: then the base itself is used. */
function mergeBase(repository: Repository, base: string): string {
  const result = tryGit(repository, ['merge-base', '--end-of-options', base, 'HEAD'])
  return result.stdout.toString('latin1').trim() || (resolveCommit(repository, base) as string)
}

function codeOf(repository: Repository, from: string): PullRequestView['code'] {
  const lines = gitText(repository, ['diff', '--numstat', '--no-renames', from, 'HEAD', '--'])
    .split('\n')
    .filter(Boolean)
  const counts = lines.map((line) => line.split('\t').map(Number))
  const sum = (column: number) => counts.reduce((total, row) => total + (row[column] || 0), 0)
  return { files: lines.length, added: sum(0), removed: sum(1) }
}

async function captureDiff(
  repository: Repository,
  objects: ObjectReader,
  from: string,
  to: string,
): Promise<CaptureDiff | undefined> {
  try {
    const [before, after] = await Promise.all([readSide(repository, objects, from), readSide(repository, objects, to)])
    return diffCaptures(before, after)
  } catch (error) {
    if (error instanceof ProvError && ['unknown-revision', 'not-initialised'].includes(error.code)) return undefined
    throw error
  }
}
