import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { Resolver } from '../../ledger/read/resolve.ts'
import type { CheckedCommit } from '../model/problem.ts'

/** HEAD as a change of one commit; undefined before the first commit. */
export async function readHead(repository: Repository, objects: ObjectReader): Promise<CheckedCommit | undefined> {
  const head = await objects.read('HEAD')
  if (!head) return undefined
  const resolver = new Resolver(repository, objects, readSettings(repository))
  const lines = await resolver.readLines(head.oid)
  const tree = head.body.toString('latin1', 5, 5 + repository.oidLength)
  const captured = (await resolver.resolve(head.oid, tree, lines)) !== undefined
  return toCommit(head.oid, await resolver.readMessage(head.oid), lines, captured)
}

/** A commit in the form the rules read. */
export function toCommit(
  oid: string,
  message: string,
  lines: CheckedCommit['lines'],
  captured: boolean,
): CheckedCommit {
  return { oid, subject: message.split('\n')[0]?.slice(0, 100) ?? '', message, lines, captured }
}
