import { type ObjectReader, parseTree } from '../../git/objects/objects.ts'

/** Whether a file is on the branch. Reads its folder, not the file itself. */
export async function isOnBranch(objects: ObjectReader, branchRef: string, path: string): Promise<boolean> {
  const slash = path.lastIndexOf('/')
  const folder = await objects.read(`${branchRef}:${path.slice(0, slash)}`)
  return folder?.type === 'tree' && parseTree(folder).some(({ name }) => name === path.slice(slash + 1))
}
