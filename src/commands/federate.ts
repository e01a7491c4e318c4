import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { addOrigin, listOrigins, originNamed, removeOrigin, syncOrigin } from '../ledger/read/federated.ts'
import { painter } from '../render/colour.ts'
import { findFederated, gatherFederated, parseOrigin } from '../share/federated.ts'
import { renderFederated, renderPublished } from '../share/federated-text.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'

/** `git prov federate add|remove|list|sync|log|show`: other teams' published records, kept apart from our own. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [what, ...rest] = words
  const repository = context.repository()
  if (what === 'add') return add(context, repository, rest, flags.profile as string | undefined)
  if (what === 'remove') return await remove(context, repository, rest)
  if (what === 'list') return list(context, repository, flags)
  if (what === 'sync') return await sync(context, repository, rest)
  if (what === 'log') return await log(context, repository, rest, flags)
  if (what === 'show') return await show(context, repository, rest, flags)
  throw new ProvError('usage', 'federate takes add, remove, list, sync, log or show', {
    hint: 'git prov help federate',
  })
}

function add(context: Context, repository: Repository, words: string[], profile: string | undefined): number {
  const origin = parseOrigin(words[0], words[1], profile)
  addOrigin(repository, origin)
  context.stdout.write(`prov: ${origin.name} added; git prov federate sync ${origin.name}\n`)
  return 0
}

async function remove(context: Context, repository: Repository, [name = '']: string[]): Promise<number> {
  originNamed(repository, name)
  await removeOrigin(repository, name)
  context.stdout.write(`prov: ${name} and what was fetched from it were removed from this clone\n`)
  return 0
}

function list(context: Context, repository: Repository, { json }: ParsedWords['flags']): number {
  for (const origin of listOrigins(repository)) {
    const url = origin.url.replace(/^(https?:\/\/)[^/@]*@/, '$1')
    context.stdout.write(
      json ? `${stringifyLine({ ...origin, url })}\n` : `${escapeLine(`${origin.name}  ${origin.profile}  ${url}`)}\n`,
    )
  }
  return 0
}

async function sync(context: Context, repository: Repository, [name]: string[]): Promise<number> {
  const origins = name === undefined ? listOrigins(repository) : [originNamed(repository, name)]
  for (const origin of origins) {
    const { records, before } = await syncOrigin(repository, origin, Date.now() + 120_000, context.stdin.isTTY === true)
    const news = records - before
    context.stdout.write(`prov: ${origin.name}  ${plural(records, 'record')}${news > 0 ? `, ${news} new` : ''}\n`)
  }
  if (origins.length === 0)
    context.stdout.write('prov: no origins; git prov federate add <name> <url> --profile <profile>\n')
  return 0
}

async function log(
  context: Context,
  repository: Repository,
  [name]: string[],
  { json }: ParsedWords['flags'],
): Promise<number> {
  const all = await gatherFederated(repository, name)
  const output = openOutput(context, json ? false : undefined)
  for (const { origin, stored } of all)
    await output.write(
      json
        ? `${stringifyLine({ origin, id: stored.id, ...stored.record })}\n`
        : `${renderFederated(origin, stored, painter(output.colour))}\n`,
    )
  await output.end()
  return 0
}

async function show(
  context: Context,
  repository: Repository,
  [prefix = '']: string[],
  { json }: ParsedWords['flags'],
): Promise<number> {
  const one = await findFederated(repository, prefix)
  const output = openOutput(context, json ? false : undefined)
  await output.write(
    json
      ? `${stringifyLine({ origin: one.origin, id: one.stored.id, ...one.stored.record })}\n`
      : `${renderPublished(one.origin, one.stored, painter(output.colour)).join('\n')}\n`,
  )
  await output.end()
  return 0
}
