import type { Context } from '../context.ts'
import { readRebase } from '../git/rebasing.ts'

/** A commit and the one it became. */
export interface RewrittenPair {
  from: string
  to: string
}

/**
 * What git says became what. githooks(5), post-rewrite: `<old> SP <new> [SP <extra>] LF` on standard input. Before 2.56
 * git also names commits that the rebase dropped, as having become whatever HEAD was then; those are left out.
 */
export async function readRewrittenPairs(context: Context): Promise<RewrittenPair[]> {
  let text = ''
  for await (const chunk of context.stdin) text += chunk
  const pairs = text.split('\n').flatMap((line) => {
    const match = line.match(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64})( |$)/)
    return match && match[1] !== match[2] ? [{ from: match[1] as string, to: match[2] as string }] : []
  })
  return withoutDropped(pairs, readRebase(context.repository()))
}

/**
 * A commit that was picked and dropped is said to have become the commit before it: the one the rebase began on, or
 * one that another commit became. Only a squash or fixup truly joins others there.
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
