import type { Context } from '../context.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { readRebase } from '../git/rebasing.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { fitted } from '../recording/fitted.ts'
import { buildRecord, type Rewrite } from '../records/record.ts'

/** A commit and the commit it became. */
type RewrittenPair = Rewrite['rewritten'][number]

/** What was rewritten: for the captures of the new commits, and as records. */
export interface Rewrites {
  /** New commit to its old commits. */
  rewrittenFrom: Map<string, string[]>
  extra: Entry[]
}

// A record may have 4 MB.
const pairsInRecord = 20_000

/** What git passes to the post-rewrite hook; `by` is the command that rewrote. */
export async function readRewrites(context: Context, objects: ObjectReader, by: string): Promise<Rewrites> {
  const pairs = await readRewrittenPairs(context)
  const rewrittenFrom = new Map<string, string[]>()
  for (const { from, to } of pairs) rewrittenFrom.set(to, [...(rewrittenFrom.get(to) ?? []), from])
  const extra: Entry[] = []
  for (let at = 0; at < pairs.length; at += pairsInRecord) {
    const part = pairs.slice(at, at + pairsInRecord)
    const head = await objects.read((part.at(-1) as RewrittenPair).to)
    if (!head) continue
    const { oid, tree, parents, committer } = parseCommit(head)
    const record = buildRecord<Rewrite>(
      {
        kind: 'rewrite',
        agent: { name: committer.name, email: committer.email },
        about: { commit: oid, tree, parents },
        by: by || 'unknown',
        rewritten: part as Rewrite['rewritten'],
      },
      context.now(),
    )
    extra.push({ record: await fitted(record) })
  }
  return { rewrittenFrom, extra }
}

/**
 * Old and new commits (githooks(5), post-rewrite: `<old> SP <new> [SP <extra>] LF` on standard input). Before 2.56 git
 * also lists commits that the rebase dropped, as rewritten to whatever HEAD was then; those are left out.
 */
async function readRewrittenPairs(context: Context): Promise<RewrittenPair[]> {
  let text = ''
  for await (const chunk of context.stdin) text += chunk
  const pairs = text.split('\n').flatMap((line) => {
    const match = line.match(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64})( |$)/)
    return match && match[1] !== match[2] ? [{ from: match[1] as string, to: match[2] as string }] : []
  })
  return withoutDropped(pairs, readRebase(context.repository()))
}

/**
 * A commit that was picked and dropped is listed as rewritten to the commit before it: the one the rebase began on, or
 * one that another commit became. Only a squash or fixup really merges others into it.
 */
function withoutDropped(
  pairs: readonly RewrittenPair[],
  rebase: { onto: string | undefined; joined: readonly string[] } | undefined,
): RewrittenPair[] {
  if (!rebase) return [...pairs]
  const taken = new Set<string>()
  return pairs.filter(({ from, to }) => {
    const first = !taken.has(to)
    taken.add(to)
    return to !== rebase.onto && (first || rebase.joined.some((oid) => from.startsWith(oid)))
  })
}
