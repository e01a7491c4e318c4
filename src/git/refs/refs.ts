import { ProvError } from '../../base/errors.ts'
import { durable, git, gitFailed, type Place, StartedGit } from '../run.ts'

/** Move one ref from a known old value (undefined: it must not exist) to a new one (undefined: delete it). */
export interface RefMove {
  ref: string
  to: string | undefined
  from: string | undefined
}

// No reflog for our own moves: the branch's history says the same, and a reflog of the notes would keep replaced notes
// for 90 days.
const args = [...durable, '-c', 'core.logAllRefUpdates=false', 'update-ref', '-m', 'git-prov', '--stdin']

/** A `git update-ref --stdin` that waits for its input. */
export function startMove(place: Place): StartedGit {
  return new StartedGit(place, args)
}

/**
 * Moves refs in one transaction (git-update-ref(1), --stdin). Returns false when another writer was first; nothing has
 * moved then. Throws `git` on anything else.
 */
export async function moveRefs(
  place: Place & { oidLength: number },
  moves: readonly RefMove[],
  started = startMove(place),
): Promise<boolean> {
  const zero = '0'.repeat(place.oidLength)
  const lines = moves.map(({ ref, to, from }) =>
    to ? `update ${ref} ${to} ${from ?? zero}` : `delete ${ref} ${from ?? ''}`.trimEnd(),
  )
  const result = await started.finish(`start\n${lines.join('\n')}\nprepare\ncommit\n`)
  if (result.status === 0 && result.stdout.includes('commit: ok')) return true
  if (/is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference/.test(result.stderr))
    return false
  if (/Unable to create '[^']*\.lock': File exists/.test(result.stderr)) {
    throw new ProvError('locked', 'a ref lock is held', { cause: result.stderr.trim(), hint: 'git prov doctor' })
  }
  throw gitFailed(args, result.stderr)
}

/** The object each ref under the given prefixes points to. */
export function listRefs(place: Place, prefixes: readonly string[]): Map<string, string> {
  const text = git(place, ['for-each-ref', '--format=%(objectname) %(refname)', '--', ...prefixes]).toString('utf8')
  return new Map(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  )
}
