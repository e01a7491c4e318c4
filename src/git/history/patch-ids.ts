import { type Place, pipeGit } from '../run.ts'

// Plumbing reads no diff.* settings of the user; what it has defaults for is said all the same, so that every machine
// makes the same text of the same change. Binary files count by their object names (git 2.39 and later).
const asText = [
  '-p',
  '--root',
  '--full-index',
  '--no-renames',
  '--diff-algorithm=myers',
  '--no-ext-diff',
  '--no-textconv',
]

const patchId = ['patch-id', '--stable']

/** The patch id of each commit that has one (git-patch-id(1)): a merge and an empty commit have none. Two processes. */
export async function patchIds(place: Place, commits: readonly string[]): Promise<Map<string, string>> {
  if (commits.length === 0) return new Map()
  const diff = ['diff-tree', '--stdin', ...asText]
  const text = await pipeGit(place, diff, patchId, `${commits.join('\n')}\n`)
  return new Map(
    [...text.matchAll(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64})$/gm)].map((match) => [
      match[2] as string,
      match[1] as string,
    ]),
  )
}

/** The patch id of all that changed between two commits, as one change; undefined when nothing did. */
export async function rangePatchId(place: Place, base: string, head: string): Promise<string | undefined> {
  const text = await pipeGit(place, ['diff-tree', ...asText, base, head], patchId, '')
  return text.match(/^([0-9a-f]{40,64}) /)?.[1]
}
