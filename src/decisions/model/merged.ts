import type { DecisionReviewer } from '../../generated/types.ts'

// Merge messages of GitHub (merge, squash and rebase), GitLab, Azure DevOps and Bitbucket.
const pullRequests = [
  /^Merge pull request #(\d+)\b/m,
  /^See merge request [^\s!]*!(\d+)\b/m,
  /^Merged PR (\d+):/m,
  /^Merged in .* \(pull request #(\d+)\)/m,
  /^\S.*\(#(\d+)\)$/m,
]

/** The number of the pull or merge request that a commit message mentions. */
export function pullRequestOf(message: string): number | undefined {
  for (const pattern of pullRequests) {
    const number = Number(message.match(pattern)?.[1])
    if (Number.isSafeInteger(number) && number > 0) return number
  }
  return undefined
}

const trailer = /^(reviewed-by|acked-by|co-authored-by): *([^<\n]*?) *(?:<([^>\n]*)>)?$/gim

/** Reviewers of a change by the trailers of its messages (git-interpret-trailers(1)), each person once. */
export function reviewersOf(messages: readonly string[]): DecisionReviewer[] {
  const found = new Map<string, DecisionReviewer>()
  for (const [, key = '', name = '', email] of messages.flatMap((text) => [...text.matchAll(trailer)])) {
    const from = key.toLowerCase() as DecisionReviewer['from']
    const who = (email ?? name).toLowerCase()
    if (who && (!found.has(who) || from === 'reviewed-by'))
      found.set(who, { name: (name || email || '').slice(0, 512), ...(email && { email: email.slice(0, 512) }), from })
  }
  return [...found.values()]
}
