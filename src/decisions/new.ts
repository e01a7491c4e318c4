import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { writeAtomically } from '../base/files.ts'
import { nearest } from '../base/nearest.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { authorOf } from '../git/ident.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { openEditor } from '../terminal/output.ts'
import type { ParsedWords } from '../terminal/words.ts'
import { readDecisionFiles } from './draft/decision-files.ts'
import { askThrough } from './draft/guide.ts'
import { writeDecisionSchema } from './draft/write-schema.ts'
import { resolveEvidence } from './evidence/resolve-evidence.ts'
import type { DecisionFile } from './model/decision.ts'
import { parseDecision } from './model/parse.ts'
import { noRole, type Role, rolesOf } from './model/roles.ts'
import { parseShorthand } from './model/shorthand.ts'
import { decisionsFolder, slugFor } from './model/slug.ts'
import { writeTemplate } from './model/template.ts'

/** `git prov decision new <title>`: writes a decision file to fill in, and opens it on a terminal. */
export async function newDecision({ flags, words }: ParsedWords, context: Context): Promise<number> {
  const top = workTreeOf(context)
  const terminal = context.stdin.isTTY === true && context.stdout.isTTY === true
  if (flags.guide && !terminal)
    throw new ProvError('usage', '--guide asks questions, and there is no terminal', {
      hint: "--set why='…' answers one",
    })
  const given = flags.from === undefined ? {} : await readGiven(context, String(flags.from))
  const shorthand = parseShorthand((flags.set ?? []) as string[])
  const role = await chooseRole(context, flags.role ?? shorthand.fields.role ?? given.role)
  const title = words.join(' ').trim() || shorthand.fields.title || given.title
  if (!title)
    throw new ProvError('usage', 'a decision has a title', {
      hint: 'git prov decision new "Use focal loss for the rare class"',
    })
  const answers = flags.guide
    ? await askThrough(context, role, { ...given, ...shorthand.fields })
    : { fields: {}, evidence: [] }
  const named = [...shorthand.evidence, ...answers.evidence]
  const evidence = [...(given.evidence ?? []), ...(await resolveEvidence(context, named))]
  const decision: DecisionFile = {
    ...beginning(context, role),
    ...given,
    ...shorthand.fields,
    ...answers.fields,
    ...(evidence.length > 0 && { evidence }),
    title,
  }
  const file = await write(context, top, role, decision)
  context.stdout.write(`${file}\n`)
  if (terminal && !flags['no-edit'] && !flags.guide) await openEditor(context, join(top, file))
  return 0
}

/** What every new decision begins with. */
function beginning(context: Context, role: Role): DecisionFile {
  const author = authorOf(context.repository(), context.env)
  return {
    title: '',
    status: 'draft',
    date: context.now().toISOString().slice(0, 10),
    ...(role.name && { role: role.name }),
    ...(author && { deciders: [author] }),
  }
}

async function write(context: Context, top: string, role: Role, decision: DecisionFile): Promise<string> {
  const drafts = await readDecisionFiles(context.repository(), localDir(context.repository()).cache)
  const slug = slugFor(decision.title, new Set(drafts.map((draft) => draft.slug)))
  const file = `${decisionsFolder}/${decision.date}-${slug}.yaml`
  const text = await writeTemplate(role, decision)
  const [problem] = (await parseDecision(Buffer.from(text), file)).problems.filter(
    ({ message }) => !message.includes('not nothing'),
  )
  if (problem) throw new ProvError('usage', problem.message, { hint: problem.hint })
  writeAtomically(join(top, file), text)
  await writeDecisionSchema(top)
  return file
}

/** The top of the work tree. Throws `usage` in a bare repository. */
export function workTreeOf(context: Context): string {
  const { workTree } = context.repository()
  if (workTree) return workTree
  throw new ProvError('usage', 'a bare repository has no decision files', { hint: 'type it in a clone' })
}

/** The role asked for, else that of git config prov.role, else the one the policy gives this person. */
async function chooseRole(context: Context, asked: unknown): Promise<Role> {
  const repository = context.repository()
  const roles = rolesOf((await loadConfig(repository, localDir(repository).cache)).policy)
  const name = asked === undefined ? readSettings(repository).role : String(asked)
  const role = name === undefined ? roleOfPerson(roles, authorOf(repository, context.env)) : roles.get(name)
  if (role) return role
  const guess = nearest(name ?? '', [...roles.keys()])
  throw new ProvError('usage', `there is no role '${name}'`, {
    hint: guess ? `did you mean '${guess}'?` : `there are: ${[...roles.keys()].join(', ')}`,
  })
}

function roleOfPerson(roles: ReadonlyMap<string, Role>, person: string | undefined): Role {
  const mail = person?.match(/<(.*)>/)?.[1]
  const theirs = [...roles.values()].filter(({ people }) => mail !== undefined && people.includes(mail))
  return theirs.length === 1 ? (theirs[0] as Role) : noRole
}

/** Fields from a YAML or JSON file, or from standard input (`-`). */
async function readGiven(context: Context, name: string): Promise<Partial<DecisionFile>> {
  const { readYaml } = await import('../base/yaml-file.ts')
  const text = name === '-' ? await readAll(context) : readText(resolve(context.cwd, name), name)
  const { value, problems } = await readYaml(text.slice(0, 1 << 20))
  const [problem] = problems
  if (problem)
    throw new ProvError('config', `${name}:${problem.line}:${problem.column}: ${problem.message}`, {
      hint: problem.hint,
    })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProvError('config', `${name} holds no fields of a decision`, {
      hint: 'write each as "name: value" on a line of its own',
    })
  return value as Partial<DecisionFile>
}

async function readAll(context: Context): Promise<string> {
  let text = ''
  for await (const chunk of context.stdin) text += chunk
  return text
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ProvError('usage', `${name} cannot be read: ${messageOf(error)}`, { hint: `ls -l ${dirname(name)}` })
  }
}
