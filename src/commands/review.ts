import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { findReview, reviewsOf } from '../decisions/review/find-review.ts'
import { findTarget, type ReviewTarget } from '../decisions/review/target.ts'
import { type ReviewDraft, writeReview } from '../decisions/review/write-review.ts'
import { renderThreads } from '../decisions/view/review.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import type { Review } from '../records/record.ts'
import { type ReviewEvent, reviewEvents } from '../records/review.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov review <id> --approve|--request-changes|--comment -m …`; without a verdict it shows the reviews. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const parsed = parseWords(spec, argv)
  const [word, ...rest] = parsed.words
  if (word === undefined || rest.length > 0)
    throw new ProvError('usage', 'name what to review: a record, a decision or a commit', {
      hint: 'git prov review <id> --approve -m …',
    })
  const objects = new ObjectReader(context.repository())
  try {
    await requireBranchIn(context.repository(), objects)
    const reviews = await readKind(context.repository(), objects, reviewEvents)
    const answered = parsed.flags.reply === undefined ? undefined : findReview(reviews, String(parsed.flags.reply))
    const target = await findTarget(context, word)
    const verdict = verdictOf(parsed.flags)
    if (verdict) return await write(context, objects, parsed.flags, { verdict, target, answered })
    return await show(context, reviews, target, parsed.flags.json === true)
  } finally {
    objects.close()
  }
}

function verdictOf(flags: ParsedWords['flags']): Review['verdict'] | undefined {
  const given = (['approve', 'request-changes', 'comment'] as const).filter((name) => flags[name])
  if (given.length > 1)
    throw new ProvError('usage', `give only one of ${given.map((name) => `--${name}`).join(' and ')}`, {
      hint: 'git prov help review',
    })
  return given[0] ?? (flags.message === undefined ? undefined : 'comment')
}

const done = { approve: 'approved', 'request-changes': 'changes requested of', comment: 'comment on' }

async function write(
  context: Context,
  objects: ObjectReader,
  flags: ParsedWords['flags'],
  draft: Pick<ReviewDraft, 'verdict' | 'target' | 'answered'>,
): Promise<number> {
  const [text, line, role] = [flags.message, flags.line, flags.role] as (string | undefined)[]
  const { id } = await writeReview(context, objects, { ...draft, text, line, role })
  const label = `${done[draft.verdict]} ${draft.target.label}`
  context.stdout.write(`${escapeLine(`prov: ${label} (review ${id.slice(0, 6)})`)}\n`)
  return 0
}

/** For a decision, reviews of all its versions; those of earlier ones are marked. */
async function show(
  context: Context,
  reviews: readonly ReviewEvent[],
  target: ReviewTarget,
  json: boolean,
): Promise<number> {
  const own = reviewsOf(reviews, target)
  if (json) {
    context.stdout.write(`${JSON.stringify(own, null, 2)}\n`)
    return 0
  }
  const output = openOutput(context)
  const lines =
    own.length > 0
      ? renderThreads(own, target.to, painter(output.colour))
      : [
          `prov: nobody has reviewed ${escapeLine(target.label)}; git prov review ${escapeLine(target.label.split(' ').at(-1) ?? '')} --approve`,
        ]
  await output.write(`${lines.join('\n')}\n`)
  await output.end()
  return 0
}
