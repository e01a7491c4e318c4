import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { classifyPath, recordPath } from '../records/layout.ts'
import { isPending } from '../records/note-lines/capture-note.ts'
import { type Capture, parseRecord } from '../records/record.ts'
import type { Captured } from './capture-commits.ts'
import { clearPending, listPending } from './pending.ts'
import { recordCaptures } from './record-captures.ts'

/**
 * Finishes captures with pending datasets: captures again with the environment of the first, and supersedes it. Data
 * that changed in between is listed separately.
 */
export async function finishPending(context: Context, objects: ObjectReader): Promise<Captured[]> {
  const local = localDir(context.repository())
  const finished: Captured[] = []
  for (const { commit, committedAt } of listPending(local)) {
    const before = await pendingCapture(context, objects, commit)
    if (before) {
      const { captured } = await recordCaptures(context, objects, [commit], {
        trigger: 'background',
        late: false,
        noDeadline: true,
        committedAt,
        environment: before.record.environment,
        supersedes: before.id,
        ...(before.record.about.branch && { branch: before.record.about.branch }),
      })
      finished.push(...captured)
    }
    clearPending(local, commit)
  }
  return finished
}

async function pendingCapture(
  context: Context,
  objects: ObjectReader,
  commit: string,
): Promise<{ id: string; record: Capture } | undefined> {
  const settings = readSettings(context.repository())
  const note = await readCapture({ objects, settings }, commit)
  if (!note || !isPending(note)) return undefined
  const path = recordPath('capture', note.time, note.id)
  const blob = classifyPath(path) && (await objects.read(`${settings.branchRef}:${path}`))
  const stored = blob && parseRecord(blob.body, note.id)
  return stored?.record.kind === 'capture' ? { id: note.id, record: stored.record } : undefined
}
