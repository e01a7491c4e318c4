import { type Place, pipeGit } from '../run.ts'

// Plumbing ignores the user's diff.* settings; the defaults are given explicitly all the same, so that every machine
// renders the same change as the same text. Binary files are compared by object name (git 2.39 and later).
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

/** The patch id (git-patch-id(1)) of each commit that has one; merges and empty commits do not. Runs two processes. */
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

/** The patch id of the combined change between two commits; undefined when nothing changed. */
export async function rangePatchId(place: Place, base: string, head: string): Promise<string | undefined> {
  const text = await pipeGit(place, ['diff-tree', ...asText, base, head], patchId, '')
  return text.match(/^([0-9a-f]{40,64}) /)?.[1]
}
