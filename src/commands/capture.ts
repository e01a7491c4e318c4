import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import type { Captured } from '../capture/capture-commits.ts'
import { renderCaptureLine } from '../capture/capture-line.ts'
import { captureMissed, captureRange } from '../capture/capture-now.ts'
import { importCommitMap } from '../capture/commit-map.ts'
import { recordPatches } from '../capture/record-patches.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranch } from '../ledger/read/read.ts'
import { foldWaiting } from '../recording/fold-waiting.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov capture [<range>...]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const repository = context.repository()
  requireBranch(repository)
  const objects = new ObjectReader(repository)
  try {
    await foldWaiting(context, objects, { patience: 10_000 })
    if (typeof flags['commit-map'] === 'string') {
      const count = await importCommitMap(context, objects, flags['commit-map'])
      context.stdout.write(`prov: ${plural(count, 'commit')} linked to the commits they were rewritten from\n`)
      return 0
    }
    const captured =
      words.length > 0 ? await captureRange(context, objects, words) : await captureMissed(context, objects)
    await recordPatches(context, objects)
    report(context, captured, flags)
    return 0
  } finally {
    objects.close()
  }
}

function report(context: Context, captured: readonly Captured[], flags: Record<string, unknown>): void {
  if (flags.json) {
    for (const { stored } of captured) context.stdout.write(`${stringifyLine({ id: stored.id, ...stored.record })}\n`)
    return
  }
  if (flags.quiet) return
  for (const { stored } of captured) {
    context.stdout.write(
      `${renderCaptureLine({ record: stored.record, environment: undefined, previous: undefined })}  captured late\n`,
    )
  }
  if (captured.length === 0) context.stdout.write('prov: nothing to capture\n')
}
