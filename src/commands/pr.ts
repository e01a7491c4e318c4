import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { writeAtomically } from '../base/files.ts'
import { gatherFacts } from '../checks/facts.ts'
import { runRules } from '../checks/run-rules.ts'
import type { Context } from '../context.ts'
import { readBriefs } from '../decisions/brief/briefs.ts'
import { resolveCommit } from '../git/history/resolve-commit.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { gitText, tryGit } from '../git/run.ts'
import { type CaptureDiff, diffCaptures } from '../history/capture-diff.ts'
import { readSide } from '../history/diff-side.ts'
import { decisionsOf } from '../pull-request/decisions.ts'
import { lineageOf } from '../pull-request/lineage.ts'
import type { PullRequestView } from '../pull-request/pull-request.ts'
import { readRunsOf } from '../pull-request/runs.ts'
import { renderPullRequest } from '../pull-request/text.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov pr --base REF`: one Markdown comment on a change under review. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0 || flags.base === undefined)
    throw new ProvError('usage', 'pr takes the branch the change is to go to', {
      hint: 'git prov pr --base origin/main',
    })
  const objects = new ObjectReader(context.repository())
  try {
    const view = await gather(context, objects, String(flags.base))
    const text = flags.json ? `${JSON.stringify(view, null, 2)}\n` : renderPullRequest(view)
    if (flags.output === undefined) context.stdout.write(text)
    else {
      writeAtomically(resolve(context.cwd, String(flags.output)), text)
      context.stderr.write(`${escapeLine(`prov: ${String(flags.output)} written`)}\n`)
    }
    return 0
  } finally {
    objects.close()
  }
}

async function gather(context: Context, objects: ObjectReader, base: string): Promise<PullRequestView> {
  const repository = context.repository()
  const facts = await gatherFacts(context, objects, { base, staged: false, words: [] })
  const commits = facts.change?.commits ?? []
  const to = resolveCommit(repository, 'HEAD') as string
  const from = mergeBase(context, base)
  const runs = await readRunsOf(context, objects, commits, from)
  const all = new Set(commits.map(({ oid }) => oid))
  const briefs = (await readBriefs(repository, objects)).filter((brief) => brief.commits.some((oid) => all.has(oid)))
  return {
    base,
    from,
    to,
    commits: commits.length,
    code: codeOf(context, from),
    capture: await captureDiff(context, objects, from, to),
    runs: runs.map(({ row }) => row),
    decisions: await decisionsOf(context, objects, facts, from),
    briefs,
    problems: runRules(facts).problems,
    lineage: lineageOf(runs.map(({ view }) => view)),
  }
}

/** On a shallow checkout there may be no common commit: then the base itself is what counts. */
function mergeBase(context: Context, base: string): string {
  const result = tryGit(context.repository(), ['merge-base', '--end-of-options', base, 'HEAD'])
  return result.stdout.toString('latin1').trim() || (resolveCommit(context.repository(), base) as string)
}

function codeOf(context: Context, from: string): PullRequestView['code'] {
  const lines = gitText(context.repository(), ['diff', '--numstat', '--no-renames', from, 'HEAD', '--'])
    .split('\n')
    .filter(Boolean)
  const counts = lines.map((line) => line.split('\t').map(Number))
  const sum = (column: number) => counts.reduce((total, row) => total + (row[column] || 0), 0)
  return { files: lines.length, added: sum(0), removed: sum(1) }
}

async function captureDiff(
  context: Context,
  objects: ObjectReader,
  from: string,
  to: string,
): Promise<CaptureDiff | undefined> {
  try {
    const [before, after] = await Promise.all([
      readSide(context.repository(), objects, from),
      readSide(context.repository(), objects, to),
    ])
    return diffCaptures(before, after)
  } catch (error) {
    if (error instanceof ProvError && ['unknown-revision', 'not-initialised'].includes(error.code)) return undefined
    throw error
  }
}
