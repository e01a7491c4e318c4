import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { readDecisionFiles } from '../decisions/draft/decision-files.ts'
import { type BriefView, foldBrief } from '../decisions/model/brief.ts'
import { renderBrief } from '../decisions/view/brief.ts'
import { changedIn } from '../git/history/changed-paths.ts'
import { streamLog } from '../git/history/log.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readBranchFile } from '../ledger/read/archives.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import { aboutCommit } from '../recording/about-commit.ts'
import { record } from '../recording/record.ts'
import { recordPath } from '../records/layout.ts'
import { type NoteLine, parseNote } from '../records/note.ts'
import { type Brief, parseRecord } from '../records/record.ts'
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
    const commits = await readCommits(context, word)
    const written = await wordsOf(flags, context)
    if (written) return await write(context, objects, commits, written)
    const view = await read(context, objects, word, commits)
    context.stdout.write(flags.json ? `${JSON.stringify(view, null, 2)}\n` : renderBrief(view))
    if (view.outcome.length > 0) return 0
    if (!flags.json) context.stderr.write("hint:  git prov brief --outcome '…' --impact '…' --trade-offs '…'\n")
    return 1
  } finally {
    objects.close()
  }
}

interface BriefedCommit {
  oid: string
  subject: string
  lines: readonly NoteLine[]
}

/** One commit, or those of a range; newest first. */
async function readCommits(context: Context, word: string): Promise<BriefedCommit[]> {
  const repository = context.repository()
  const options = { notesRef: readSettings(repository).notesRef, colour: false, graph: false }
  const range = word.includes('..')
  const commits: BriefedCommit[] = []
  for await (const { commit, message, note } of streamLog(
    repository,
    [`--max-count=${range ? 1000 : 1}`, word, '--'],
    options,
  ))
    commits.push({ oid: commit, subject: message.split('\n')[0] ?? '', lines: parseNote(note).lines })
  if (commits.length > 0) return commits
  throw new ProvError('unknown-revision', `there is no commit in '${word}'`, { hint: 'git log --oneline' })
}

/** What the flags say, or on a terminal the answers with --write; undefined when nothing is to be written. */
async function wordsOf(flags: ParsedWords['flags'], context: Context): Promise<Words | undefined> {
  const given = { outcome: flags.outcome, impact: flags.impact, tradeOffs: flags['trade-offs'] } as Partial<Words>
  const instead = "git prov brief --outcome '…' --impact '…' --trade-offs '…'"
  const asker = openAsker(context, { answered: !flags.write, instead })
  if (asker.asks) return await ask(asker, given).finally(asker.close)
  const said = Object.values(given).some((text) => text !== undefined)
  if (!said && !flags.write) return undefined
  if (!given.outcome?.trim())
    throw new ProvError('usage', 'a brief says what is intended', { hint: "git prov brief --outcome '…'" })
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
    throw new ProvError('usage', 'a brief says what is intended', { hint: 'git prov brief --write' })
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

async function read(
  context: Context,
  objects: ObjectReader,
  word: string,
  commits: readonly BriefedCommit[],
): Promise<BriefView> {
  const repository = context.repository()
  const { branchRef } = readSettings(repository)
  const lines = commits.flatMap((commit) => commit.lines.filter(({ kind }) => kind === 'brief'))
  const paths = lines.map(({ time, id }) => recordPath('brief', time, id))
  const bodies = await Promise.all(paths.map((path) => readBranchFile(repository, objects, branchRef, path)))
  const briefs = lines.flatMap(({ id }, n) => {
    const body = bodies[n]
    const record = body && parseRecord(body, id).record
    return record?.kind === 'brief' ? [{ id, record }] : []
  })
  const changed = new Set(changedIn(repository, word.includes('..') ? word : (commits[0] as BriefedCommit).oid))
  const drafts = await readDecisionFiles(repository, localDir(repository).cache)
  const decisions = drafts.flatMap(({ file, slug, decision }) =>
    decision && changed.has(file) ? [{ slug, decision }] : [],
  )
  return foldBrief(
    commits.map(({ oid, subject }) => ({ oid, subject })),
    briefs,
    decisions,
  )
}
