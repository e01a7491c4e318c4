import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { NotesTree } from '../ledger/notes/notes-tree.ts'
import { aboutCommit } from '../recording/about-commit.ts'
import { record } from '../recording/record.ts'
import type { Rewrite } from '../records/record.ts'

// A record may have 4 MB.
const pairsInRecord = 20_000

/**
 * Records which commits git filter-repo rewrote, from its `filter-repo/commit-map`: lines of `<old> SP <new>`, an
 * all-zero new name for a dropped commit. Skips commits that nothing is recorded about. Returns the number of pairs.
 * Throws `usage`.
 */
export async function importCommitMap(context: Context, objects: ObjectReader, file: string): Promise<number> {
  const pairs = await recordedPairs(context, objects, readMap(context, file))
  for (let at = 0; at < pairs.length; at += pairsInRecord) {
    const part = pairs.slice(at, at + pairsInRecord)
    const newest = (part.at(-1) as { to: string }).to
    if ((await objects.read(newest))?.type !== 'commit') continue
    await record<Rewrite>(context, objects, {
      kind: 'rewrite',
      about: await aboutCommit(objects, newest),
      fields: { by: 'filter-repo', rewritten: part as Rewrite['rewritten'] },
    })
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
