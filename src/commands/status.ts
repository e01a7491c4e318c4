import type { Context } from '../context.ts'
import { readStatus } from '../health/status.ts'
import { renderStatus, statusView } from '../health/status-view.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov status`: what is recorded for HEAD, and what is still waiting. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const status = await readStatus(context)
  const view = statusView(status)
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const output = openOutput(context)
    await output.write(renderStatus(status, painter(output.colour)))
    await output.end()
  }
  return view.ok ? 0 : 1
}
