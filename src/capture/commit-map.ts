import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { append } from '../ledger/append/fold.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { NotesTree } from '../ledger/notes/notes-tree.ts'
import { buildRecord, type Rewrite } from '../records/record.ts'

// A record may be four megabytes long.
const pairsInRecord = 20_000

/**
 * Writes down what git filter-repo made of what, from its `filter-repo/commit-map`: `<old> SP <new>` a line, a new name of
 * zeros for a commit that is gone. Only commits that something is recorded of count. Returns how many. Throws `usage`.
 */
export async function importCommitMap(context: Context, objects: ObjectReader, file: string): Promise<number> {
  const pairs = await recordedPairs(context, objects, readMap(context, file))
  const ident = committerIdent(context.repository())
  const [, name = '', email = ''] = ident.match(/^(.*?) ?<([^>]*)>/) ?? []
  for (let at = 0; at < pairs.length; at += pairsInRecord) {
    const part = pairs.slice(at, at + pairsInRecord)
    const newest = await objects.read((part.at(-1) as { to: string }).to)
    if (newest?.type !== 'commit') continue
    const { oid, tree, parents } = parseCommit(newest)
    const record = buildRecord<Rewrite>(
      {
        kind: 'rewrite',
        agent: { name, email },
        about: { commit: oid, tree, parents },
        by: 'filter-repo',
        rewritten: part as Rewrite['rewritten'],
      },
      context.now(),
    )
    await append(context.repository(), [{ record }], { ident, deadline: Date.now() + 10_000, objects })
  }
  return pairs.length
}

function readMap(context: Context, file: string): { from: string; to: string }[] {
  const path = resolve(context.cwd, file)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('usage', `cannot read ${escapeLine(file)}: ${messageOf(error)}`, {
      hint: 'git filter-repo leaves it in .git/filter-repo/commit-map',
    })
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || /^old +new$/.test(line)) return []
    const match = line.match(/^([0-9a-f]{40,64}) +([0-9a-f]{40,64})$/)
    if (!match)
      throw new ProvError('usage', `${escapeLine(file)}:${index + 1}:1: is not '<old commit> <new commit>'`, {
        hint: 'git filter-repo leaves it in .git/filter-repo/commit-map',
      })
    const [from, to] = [match[1] as string, match[2] as string]
    return from === to || /^0+$/.test(to) ? [] : [{ from, to }]
  })
}

async function recordedPairs(context: Context, objects: ObjectReader, pairs: readonly { from: string; to: string }[]) {
  const { notesRef } = readSettings(context.repository())
  const notes = new NotesTree(objects, (await objects.read(notesRef))?.oid)
  const kept: { from: string; to: string }[] = []
  for (const pair of pairs) {
    const [before, after] = await Promise.all([notes.find(pair.from), notes.find(pair.to)])
    if (before.text !== '' && !after.text.includes(pair.from) && (await objects.read(pair.to))) kept.push(pair)
  }
  return kept
}
