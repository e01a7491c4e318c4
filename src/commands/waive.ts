import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import { isDate } from '../decisions/model/parse.ts'
import { ruleNames } from '../decisions/model/rule-names.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { aboutCommit } from '../recording/about-commit.ts'
import { record } from '../recording/record.ts'
import type { Waiver } from '../records/record.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov waive <rule> <where>`: exempts one place from a rule of check, with a reason and an end date. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [rule, where, ...more] = words
  if (rule === undefined || where === undefined || more.length > 0)
    throw new ProvError('usage', 'waive takes a rule and a place', {
      hint: "git prov waive <rule> <file>|<id>|<commit>|<dataset> --why '…' --until <date>",
    })
  if (!ruleNames.includes(rule))
    throw new ProvError('usage', `there is no rule '${rule}'`, {
      hint: `git prov check --explain ${nearest(rule, ruleNames) ?? 'rules'}`,
    })
  const why = String(flags.why ?? '').trim()
  if (why === '')
    throw new ProvError('usage', '--why <text> is required', { hint: "--why 'the labels come next week'" })
  const expires = String(flags.until ?? '')
  if (!/^\d{4}-\d\d-\d\d$/.test(expires) || !isDate(expires) || expires < context.now().toISOString().slice(0, 10))
    throw new ProvError(
      'usage',
      expires === '' ? '--until <date> is required' : `--until '${expires}' is not a date in the future`,
      {
        hint: `--until ${inDays(context, 30)}`,
      },
    )
  const objects = new ObjectReader(context.repository())
  try {
    await requireBranchIn(context.repository(), objects)
    const { stored } = await record<Waiver>(context, objects, {
      kind: 'waiver',
      about: await aboutCommit(objects, 'HEAD'),
      fields: { rule, where, why, expires },
    })
    context.stdout.write(
      `${escapeLine(`prov: waiver ${stored.id.slice(0, 6)}: ${rule} is waived for ${where} until ${expires}`)}\n`,
    )
    return 0
  } finally {
    objects.close()
  }
}

const inDays = (context: Context, days: number) =>
  new Date(context.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)
