import { ProvError } from '../base/errors.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { readDecisions } from '../decisions/read-decisions.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { type ImpactView, renderImpact } from '../lineage/impact/text.ts'
import { gatherImpact, type ImpactQuestion } from '../lineage/impact/view.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov impact DATASET[@OLD..NEW]`: what depends on a dataset that changed, and through which steps. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const question = questionOf(words)
  const objects = new ObjectReader(context.repository())
  try {
    await requireBranchIn(context.repository(), objects)
    await catchUp(context, objects)
    const decisions = await readDecisions(context)
    const view = await gatherImpact(context.repository(), objects, decisions, question)
    if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    else await print(context, view)
    return view.runs.length + view.decisions.length + view.releases.length > 0 ? 1 : 0
  } finally {
    objects.close()
  }
}

function questionOf([word, ...rest]: readonly string[]): ImpactQuestion {
  const [, name, old, now] =
    word?.match(/^([A-Za-z0-9][A-Za-z0-9._-]*)(?:@([0-9a-f]{4,64})?(?:\.\.([0-9a-f]{4,64})?)?)?$/) ?? []
  if (name === undefined || rest.length > 0)
    throw new ProvError('usage', 'impact takes one dataset, and optionally its versions', {
      hint: 'git prov impact train, or train@3d1e0a..77be02',
    })
  return { name, old, now }
}

async function print(context: Context, view: ImpactView): Promise<void> {
  const output = openOutput(context)
  await output.write(`${renderImpact(view, painter(output.colour)).join('\n')}\n`)
  await output.end()
}
