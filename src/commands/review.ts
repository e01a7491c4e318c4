import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { findReview, reviewsOf } from '../decisions/review/find-review.ts'
import { findTarget, type ReviewTarget } from '../decisions/review/target.ts'
import { renderThreads } from '../decisions/view/review.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { aboutHere } from '../recording/about-here.ts'
import { record } from '../recording/record.ts'
import type { Link, Review } from '../records/record.ts'
import { type ReviewEvent, reviewEvents } from '../records/review.ts'
import { painter } from '../render/colour.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov review <id> --approve|--request-changes|--comment -m …`; without a verdict it shows what was said. */
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
    if (verdict) return await write(context, objects, { verdict, target, answered, flags: parsed.flags })
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

interface Words {
  verdict: Review['verdict']
  target: ReviewTarget
  answered: ReviewEvent | undefined
  flags: ParsedWords['flags']
}

async function write(
  context: Context,
  objects: ObjectReader,
  { verdict, target, answered, flags }: Words,
): Promise<number> {
  const text = (flags.message as string | undefined)?.trim()
  if (verdict !== 'approve' && !text)
    throw new ProvError('usage', `-m is required: ${verdict === 'comment' ? 'the comment' : 'what should change'}`, {
      hint: "-m '…'",
    })
  const line = flags.line === undefined ? undefined : Number(flags.line)
  if (line !== undefined && (!target.decision || !Number.isInteger(line) || line < 1))
    throw new ProvError('usage', `--line ${String(flags.line)}: not a line of a decision file (the first is 1)`, {
      hint: 'git prov review <decision> --line 14 -m …',
    })
  const links: Link[] = [{ rel: 'reviews', to: target.to }]
  if (answered) links.push({ rel: 'wasInformedBy', to: `record:${answered.id}` })
  const { stored } = await record<Review>(context, objects, {
    kind: 'review',
    ...(flags.role !== undefined && { role: String(flags.role) }),
    about: await aboutHere(context, objects),
    fields: {
      verdict,
      ...(text && { text }),
      ...(target.decision && { decision: target.decision.slug }),
      ...(line !== undefined && { line }),
    },
    links,
  })
  const words = { approve: 'approved', 'request-changes': 'changes requested of', comment: 'comment on' }[verdict]
  context.stdout.write(`${escapeLine(`prov: ${words} ${target.label} (review ${stored.id.slice(0, 6)})`)}\n`)
  return 0
}

/** For a decision, of every text it had: what was said of an earlier one is marked. */
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
