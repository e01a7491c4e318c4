import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { orderReasons, type Reason } from '../decisions/why/answer.ts'
import { findAsked, type Query } from '../decisions/why/question.ts'
import { reasonsFor } from '../decisions/why/reasons.ts'
import { renderReasons } from '../decisions/why/view.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov why FILE[:LINE] | COMMIT | PARAMETER | DATASET`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...rest] = words
  if (word === undefined || rest.length > 0)
    throw new ProvError('usage', 'why takes one file, line, commit, parameter or dataset', {
      hint: 'git prov why train.py:42',
    })
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    await requireBranchIn(repository, objects)
    const query = await findAsked(context, word)
    const reasons = orderReasons(await reasonsFor(context, objects, query))
    if (flags.json) context.stdout.write(`${JSON.stringify({ asked: query, reasons }, null, 2)}\n`)
    else await print(context, query, reasons)
    return reasons.some(({ kind }) => kind !== 'commit') ? 0 : 1
  } finally {
    objects.close()
  }
}

async function print(context: Context, query: Query, reasons: readonly Reason[]): Promise<void> {
  const output = openOutput(context)
  const paint = painter(output.colour)
  const lines = [escapeLine(query.label), ...(query.text ? [`    ${escapeLine(query.text)}`] : []), '']
  const told = reasons.some(({ kind }) => kind !== 'commit')
  if (!told) lines.push("no decision, brief or run explains it; git prov brief --outcome '…' would", '')
  await output.write(`${[...lines, ...renderReasons(reasons, paint)].join('\n')}\n`)
  await output.end()
}
