import { escapeLine } from '../base/escape.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { type LogEntry, streamLog } from '../git/history/log.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { hintConnection } from '../history/connection-hint.ts'
import { drawGraph } from '../history/log-graph.ts'
import { type LogWords, readWords, withoutOwnRefs } from '../history/log-words.ts'
import { addEnvironment, environmentReader, readLogView } from '../history/read-log-view.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { Resolver } from '../ledger/read/resolve.ts'
import { escapeKeepingColour, renderHead, renderOneline, renderProvenance } from '../records/log.ts'
import { hasChanged, type LogView, toLogJson } from '../records/log-view.ts'
import { painter } from '../render/colour.ts'
import { type Output, openOutput } from '../terminal/output.ts'

/** `git prov log`: git's own log, with what was recorded for each commit. */
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
      const view = await readLogView(entry, resolver)
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
