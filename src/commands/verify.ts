import type { Context } from '../context.ts'
import { painter } from '../render/colour.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'
import { verifyBranch } from '../trust/verify.ts'
import { renderVerified } from '../trust/verify-text.ts'

/** `git prov verify`: verifies every file and link on the branch, the notes and the branch's history. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const view = await verifyBranch(context, {
    signatures: flags.signatures === true,
    allowedSigners: flags['allowed-signers'] as string | undefined,
    progress: countProgress(context, 'verifying'),
  })
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const output = openOutput(context)
    await output.write(`${renderVerified(view, painter(output.colour)).join('\n')}\n`)
    await output.end()
  }
  return view.ok ? 0 : 1
}
