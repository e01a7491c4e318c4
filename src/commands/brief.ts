import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { type BriefedCommit, readCommits } from '../decisions/brief/commits.ts'
import { readBrief } from '../decisions/brief/read-brief.ts'
import { renderBrief } from '../decisions/view/brief.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { aboutCommit } from '../recording/about-commit.ts'
import { record } from '../recording/record.ts'
import type { Brief } from '../records/record.ts'
import { type Asker, openAsker } from '../terminal/ask.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

type Words = Pick<Brief, 'outcome' | 'impact' | 'tradeOffs'>

/** `git prov brief [<commit>|<range>]`: the short brief of a commit or a pull request, and how to write one. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word = 'HEAD', ...more] = words
  if (more.length > 0 || word.startsWith('-'))
    throw new ProvError('usage', 'brief takes a commit or a range', { hint: 'git prov brief main..HEAD' })
  const objects = new ObjectReader(context.repository())
  try {
    const commits = await readCommits(context.repository(), word)
    const written = await wordsOf(flags, context)
    if (written) return await write(context, objects, commits, written)
    const view = await readBrief(context.repository(), objects, word, commits)
    context.stdout.write(flags.json ? `${JSON.stringify(view, null, 2)}\n` : renderBrief(view))
    if (view.outcome.length > 0) return 0
    if (!flags.json) context.stderr.write("hint:  git prov brief --outcome '…' --impact '…' --trade-offs '…'\n")
    return 1
  } finally {
    objects.close()
  }
}

/** From the flags, or with --write from answers on a terminal; undefined when there is nothing to write. */
async function wordsOf(flags: ParsedWords['flags'], context: Context): Promise<Words | undefined> {
  const given = { outcome: flags.outcome, impact: flags.impact, tradeOffs: flags['trade-offs'] } as Partial<Words>
  const instead = "git prov brief --outcome '…' --impact '…' --trade-offs '…'"
  const asker = openAsker(context, { answered: !flags.write, instead })
  if (asker.asks) return await ask(asker, given).finally(asker.close)
  const said = Object.values(given).some((text) => text !== undefined)
  if (!said && !flags.write) return undefined
  if (!given.outcome?.trim())
    throw new ProvError('usage', 'a brief needs an intended outcome', { hint: "git prov brief --outcome '…'" })
  return clean({ ...given, outcome: given.outcome })
}

async function ask({ text }: Asker, given: Partial<Words>): Promise<Words> {
  const questions = {
    outcome: 'What is intended?',
    impact: 'What gets better, for whom, by how much?',
    tradeOffs: 'What gets worse, and is accepted?',
  }
  const answers: Partial<Words> = { ...given }
  for (const [name, question] of Object.entries(questions) as [keyof Words, string][])
    if (answers[name] === undefined) answers[name] = await text(question)
  if (!answers.outcome?.trim())
    throw new ProvError('usage', 'a brief needs an intended outcome', { hint: 'git prov brief --write' })
  return clean({ ...answers, outcome: answers.outcome })
}

function clean(words: Words): Words {
  const given = Object.entries(words).flatMap(([name, text]) => (text?.trim() ? [[name, text.trim()]] : []))
  return Object.fromEntries(given) as Words
}

async function write(
  context: Context,
  objects: ObjectReader,
  commits: readonly BriefedCommit[],
  words: Words,
): Promise<number> {
  const fields = { ...words, ...(commits.length > 1 && { commits: commits.map(({ oid }) => oid) }) }
  const commit = (commits[0] as BriefedCommit).oid
  await requireBranchIn(context.repository(), objects)
  const brief = { kind: 'brief' as const, about: await aboutCommit(objects, commit), fields }
  const { id } = (await record<Brief>(context, objects, brief)).stored
  const about = commits.length === 1 ? commit.slice(0, 7) : `${commits.length} commits up to ${commit.slice(0, 7)}`
  context.stdout.write(`prov: brief ${id.slice(0, 6)} of ${about}\n`)
  return 0
}
