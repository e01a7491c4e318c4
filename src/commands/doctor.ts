import type { Context } from '../context.ts'
import { doctorView, renderDoctor } from '../health/doctor-view.ts'
import { findProblems, fixProblems } from '../health/problems.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov doctor [--fix]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const found = await findProblems(context)
  const fixed = flags.fix ? await fixProblems(found) : []
  const view = doctorView(flags.fix ? await findProblems(context) : found, fixed)
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const output = openOutput(context)
    await output.write(renderDoctor(view, painter(output.colour)))
    await output.end()
  }
  return view.ok ? 0 : 1
}
