import { escapeLine } from '../base/escape.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { type LogEntry, streamLog } from '../git/history/log.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { hintConnection } from '../history/connection-hint.ts'
import { type LogWords, readWords, withoutOwnRefs } from '../history/log-words.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import { type Resolved, Resolver } from '../ledger/read/resolve.ts'
import { isPending } from '../records/capture-note.ts'
import { diffEnvironments, type Environment, summariseEnvironment } from '../records/environment.ts'
import { escapeKeepingColour, renderHead, renderOneline, renderProvenance } from '../records/log.ts'
import { hasChanged, type LogView, toLogJson } from '../records/log-view.ts'
import { parseNote } from '../records/note.ts'
import { painter } from '../render/colour.ts'
import { type Output, openOutput } from '../terminal/output.ts'

/** `git prov log`: git's own log, with what was recorded of each commit. */
export async function run(argv: string[], context: Context): Promise<number> {
  const words = readWords(argv)
  const repository = context.repository()
  const settings = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    await hintConnection(context, objects)
    const output = openOutput(context, words.json ? false : words.colour)
    const resolver = new Resolver(repository, objects, settings)
    const environments = environmentReader(objects, settings.branchRef)
    const history = { cwd: context.cwd, env: repository.env }
    let printed = 0
    for await (const entry of streamLog(history, withoutOwnRefs(words.rest, settings), {
      notesRef: settings.notesRef,
      colour: output.colour,
      graph: words.graph,
    })) {
      const view = await toView(entry, resolver)
      if (words.changed && !hasChanged(view, words.changed)) continue
      if (!words.json && !words.oneline) await addEnvironment(view, environments)
      if (!(await print(output, view, entry, words, printed === 0))) break
      printed += 1
      if (printed >= words.limit) break
    }
    await output.end()
    if (printed === 0 && words.changed && !words.json)
      context.stderr.write(`${escapeLine(`prov: none of these commits changed '${words.changed}'`)}\n`)
    return 0
  } finally {
    objects.close()
  }
}

async function toView(entry: LogEntry, resolver: Resolver): Promise<LogView> {
  // With --graph git would draw the graph through the note's lines, so it is read apart.
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

function environmentReader(objects: ObjectReader, branchRef: string): Environments {
  const read = new Map<string, Promise<Environment | undefined>>()
  return (digest) => {
    const known = read.get(digest) ?? readEnvironment(objects, branchRef, digest)
    read.set(digest, known)
    return known
  }
}

/** Environments are read only where something is to be said of them. */
async function addEnvironment(view: LogView, environments: Environments): Promise<void> {
  const { capture } = view
  if (!capture?.environment || (capture.changed && !capture.changed.environment)) return
  const after = await environments(capture.environment)
  const before = capture.changed?.environment ? await environments(capture.changed.environment) : undefined
  if (after && before) view.environmentDiff = diffEnvironments(before, after)
  else if (after) view.environmentSummary = summariseEnvironment(after)
}

async function print(
  output: Output,
  view: LogView,
  entry: LogEntry,
  words: LogWords,
  first: boolean,
): Promise<boolean> {
  if (words.json) return await output.write(`${JSON.stringify(toLogJson(view))}\n`)
  const paint = painter(output.colour)
  const lines = words.oneline
    ? [renderOneline(view, entry.decoration, paint)]
    : [...renderHead(view, entry.shownDate, entry.decoration, paint), ...renderProvenance(view, paint)]
  if (entry.graph) return await output.write(drawGraph(entry.graph, lines, entry.parents.length, words.oneline))
  const gap = first || words.oneline ? '' : '\n'
  const said = entry.after.replace(/^\n+|\n+$/g, '')
  const after = said === '' ? '' : `${words.oneline ? '' : '\n'}${escapeKeepingColour(said)}\n`
  return await output.write(`${gap}${lines.join('\n')}\n${after}`)
}

/** git draws the graph beside the commit's first line; below it its lines go on. */
function drawGraph(
  graph: { first: string; rest: string[] },
  lines: readonly string[],
  parents: number,
  oneline: boolean,
): string {
  const below = graph.first.replace('*', parents > 0 ? '|' : ' ')
  const drawn = lines.map((line, index) => escapeKeepingColour(index === 0 ? graph.first : below) + line)
  // The gap comes before the lines turn to the next commit: they lead to it.
  const gap = oneline ? [] : [escapeKeepingColour(below).trimEnd()]
  return `${[...drawn, ...gap, ...graph.rest.map(escapeKeepingColour)].join('\n')}\n`
}
