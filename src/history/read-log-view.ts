import type { LogEntry } from '../git/history/log.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import type { Resolved, Resolver } from '../ledger/read/resolve.ts'
import { diffEnvironments, type Environment, summariseEnvironment } from '../records/environment.ts'
import type { LogView } from '../records/log-view.ts'
import { parseNote } from '../records/note.ts'
import { isPending } from '../records/note-lines/capture-note.ts'

/** A commit from git log with its records. */
export async function readLogView(entry: LogEntry, resolver: Resolver): Promise<LogView> {
  // With --graph git would draw the graph through the note's lines, so notes are read separately.
  const lines = entry.graph ? await resolver.readLines(entry.commit) : parseNote(entry.note).lines
  const message = entry.graph ? await resolver.readMessage(entry.commit) : entry.message
  const found = await resolver.explain(entry.commit, entry.tree, lines)
  const resolved = found && 'capture' in found ? found : undefined
  return {
    commit: entry.commit,
    tree: entry.tree,
    parents: entry.parents,
    author: entry.author,
    date: entry.date,
    message,
    status: statusOf(resolved),
    ...(resolved && { capture: resolved.capture, matchedBy: resolved.matchedBy }),
    ...(resolved?.of && { matchedCommit: resolved.of }),
    ...(found && 'candidates' in found && { candidates: found.candidates }),
    lines,
  }
}

function statusOf(resolved: Resolved | undefined): LogView['status'] {
  if (!resolved) return 'missing'
  if (isPending(resolved.capture)) return 'pending'
  return resolved.capture.late ? 'late' : 'captured'
}

type Environments = (digest: string) => Promise<Environment | undefined>

/** Reads each environment only once. */
export function environmentReader(objects: ObjectReader, branchRef: string): Environments {
  const read = new Map<string, Promise<Environment | undefined>>()
  return (digest) => {
    const known = read.get(digest) ?? readEnvironment(objects, branchRef, digest)
    read.set(digest, known)
    return known
  }
}

/** Environments are read only where they are shown. */
export async function addEnvironment(view: LogView, environments: Environments): Promise<void> {
  const { capture } = view
  if (!capture?.environment || (capture.changed && !capture.changed.environment)) return
  const after = await environments(capture.environment)
  const before = capture.changed?.environment ? await environments(capture.changed.environment) : undefined
  if (after && before) view.environmentDiff = diffEnvironments(before, after)
  else if (after) view.environmentSummary = summariseEnvironment(after)
}
