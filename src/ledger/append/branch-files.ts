import { type ObjectReader, parseTree } from '../../git/objects/objects.ts'

/** Whether a file is on the branch: asked of the folder it lies in, so that the file itself is not read. */
export async function isOnBranch(objects: ObjectReader, branchRef: string, path: string): Promise<boolean> {
  const slash = path.lastIndexOf('/')
  const folder = await objects.read(`${branchRef}:${path.slice(0, slash)}`)
  return folder?.type === 'tree' && parseTree(folder).some(({ name }) => name === path.slice(slash + 1))
}
