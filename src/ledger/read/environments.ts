import { digestOf } from '../../base/digest.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { type Environment, isEnvironment } from '../../records/environment.ts'
import { environmentPath } from '../../records/layout.ts'

/** An environment file of the branch; undefined when it is not there, or is not what its name says. */
export async function readEnvironment(
  objects: ObjectReader,
  branchRef: string,
  digest: string,
): Promise<Environment | undefined> {
  const blob = await objects.read(`${branchRef}:${environmentPath(digest)}`)
  if (blob?.type !== 'blob' || digestOf(blob.body) !== digest) return undefined
  try {
    const value: unknown = JSON.parse(blob.body.toString('utf8'))
    return isEnvironment(value) ? value : undefined
  } catch {
    return undefined
  }
}
