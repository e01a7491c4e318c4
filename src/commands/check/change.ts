import type { CheckedChange, CheckedCommit } from '../../core/check/rule.ts'
import { decisionsFolder } from '../../core/decision/slug.ts'
import { ProvError } from '../../core/errors.ts'
import { parseNote } from '../../core/note.ts'
import { changedSince } from '../../git/changed-paths.ts'
import { streamLog } from '../../git/log.ts'
import type { ObjectReader } from '../../git/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { resolveCommit } from '../../git/resolve-commit.ts'
import { Resolver } from '../../ledger/resolve.ts'
import { readSettings } from '../../ledger/settings.ts'

/** More commits than a pull request has; of a longer range the newest are looked at. */
const mostCommits = 2000

/** What lies between a base and HEAD, with what the notes say of each commit. Throws `unknown-revision`. */
export async function readChange(repository: Repository, objects: ObjectReader, base: string): Promise<CheckedChange> {
  const from = resolveCommit(repository, base)
  if (!from)
    throw new ProvError('unknown-revision', `'${base}' is no commit here`, {
      hint: `git fetch origin ${base.replace(/^origin\//, '')}; on a shallow checkout: git fetch --unshallow`,
    })
  const settings = readSettings(repository)
  const resolver = new Resolver(repository, objects, settings)
  const commits: CheckedCommit[] = []
  const words = [`--max-count=${mostCommits}`, `${from}..HEAD`, '--']
  const files = changedSince(repository, from, decisionsFolder)
  for await (const entry of streamLog(repository, words, {
    notesRef: settings.notesRef,
    colour: false,
    graph: false,
  })) {
    const { lines } = parseNote(entry.note)
    const captured = (await resolver.resolve(entry.commit, entry.tree, lines)) !== undefined
    commits.push(toCommit(entry.commit, entry.message, lines, captured))
  }
  return { base, files, commits }
}

/** HEAD alone; undefined before the first commit. */
export async function readHead(repository: Repository, objects: ObjectReader): Promise<CheckedCommit | undefined> {
  const head = await objects.read('HEAD')
  if (!head) return undefined
  const resolver = new Resolver(repository, objects, readSettings(repository))
  const lines = await resolver.readLines(head.oid)
  const tree = head.body.toString('latin1', 5, 5 + repository.oidLength)
  const captured = (await resolver.resolve(head.oid, tree, lines)) !== undefined
  return toCommit(head.oid, await resolver.readMessage(head.oid), lines, captured)
}

function toCommit(oid: string, message: string, lines: CheckedCommit['lines'], captured: boolean): CheckedCommit {
  return { oid, subject: message.split('\n')[0]?.slice(0, 100) ?? '', message, lines, captured }
}
