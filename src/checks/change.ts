import { ProvError } from '../base/errors.ts'
import { pathText } from '../base/path-text.ts'
import { toCommit } from '../decisions/evidence/head.ts'
import type { CheckedChange, CheckedCommit } from '../decisions/model/problem.ts'
import { changedSince } from '../git/history/changed-paths.ts'
import { streamLog } from '../git/history/log.ts'
import { type ObjectReader, parseTree } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { Resolver } from '../ledger/read/resolve.ts'
import { parseNote } from '../records/note.ts'

/** More commits than a pull request has; of a longer range only the newest are checked. */
const mostCommits = 2000

/** Everything between a base and HEAD, with the notes of each commit. Throws `unknown-revision`. */
export async function readChange(repository: Repository, objects: ObjectReader, base: string): Promise<CheckedChange> {
  const settings = readSettings(repository)
  const resolver = new Resolver(repository, objects, settings)
  if (base.startsWith('-')) throw noSuchBase(base)
  // Both are started before the base is known to exist: asking first would cost a wait.
  const files = changedSince(repository, base)
  files.catch(() => {})
  const commits: CheckedCommit[] = []
  const words = [`--max-count=${mostCommits}`, `${base}..HEAD`, '--']
  try {
    const log = streamLog(repository, words, { notesRef: settings.notesRef, colour: false, graph: false })
    for await (const entry of log) {
      const { lines } = parseNote(entry.note)
      const captured = (await resolver.resolve(entry.commit, entry.tree, lines)) !== undefined
      commits.push(toCommit(entry.commit, entry.message, lines, captured))
    }
    return { base, files: await files, commits }
  } catch (error) {
    throw (await objects.read(`${base}^{commit}`)) ? error : noSuchBase(base)
  }
}

function noSuchBase(base: string): ProvError {
  return new ProvError('unknown-revision', `'${base}' is not a commit here`, {
    hint: `git fetch origin ${base.replace(/^origin\//, '')}; on a shallow checkout: git fetch --unshallow`,
  })
}

/** Files that HEAD does not have, such as ones git does not track yet. Reads one object per folder. */
export async function newFiles(objects: ObjectReader, files: readonly string[]): Promise<string[]> {
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/'))
  const folders = [...new Set(files.map(folderOf))]
  const trees = await objects.readAll(folders.map((folder) => `HEAD:${folder}`))
  const there = new Set(
    folders.flatMap((folder, n) => {
      const tree = trees[n]
      return tree?.type === 'tree' ? parseTree(tree).map(({ name }) => `${folder}/${pathText(name)}`) : []
    }),
  )
  return files.filter((file) => !there.has(file))
}
