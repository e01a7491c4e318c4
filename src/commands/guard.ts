import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { toFindingsView } from '../base/finding.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { tryGit } from '../git/run.ts'
import { installGuard, uninstallGuard } from '../install/guard-hook.ts'
import { hookPlace } from '../install/hook-place.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { type CommandSpec, type ParsedWords, parseWords } from '../terminal/words.ts'
import { checkGuarded } from '../trust/guard/check.ts'
import { checkReceived } from '../trust/guard/receive.ts'

/** `git prov guard install|uninstall|check`, and `receive`, which the pre-receive hook calls. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [action, ...rest] = words
  if (action === 'install' && rest.length === 0) return install(context)
  if (action === 'uninstall' && rest.length === 0) return uninstall(context)
  if (action === 'receive' && rest.length === 0) return await receive(context)
  if (action === 'check' && rest.length <= 1) return await check(context, rest[0], flags)
  throw new ProvError('usage', 'wrong arguments for git prov guard', { hint: 'git prov help guard' })
}

function install(context: Context): number {
  const repository = context.repository()
  const changed = installGuard(repository, hookPlace(context), readSettings(repository).branchRef)
  context.stdout.write(
    changed
      ? 'prov: guard installed; it enforces policy.guard of prov.yaml as on the default branch\n'
      : 'prov: the guard is already installed\n',
  )
  if (tryGit(repository, ['config', '--type=bool', 'receive.fsckObjects']).stdout.toString('utf8').trim() !== 'true')
    context.stdout.write('prov: git itself can check more: git config receive.fsckObjects true\n')
  return 0
}

function uninstall(context: Context): number {
  context.stdout.write(
    uninstallGuard(context.repository()) ? 'prov: guard removed\n' : 'prov: there is no guard here\n',
  )
  return 0
}

/** githooks(5), pre-receive: refusals go to stderr, which git shows to whoever pushes. */
async function receive(context: Context): Promise<number> {
  const findings = await checkReceived(context, await readAll(context))
  const most = 20
  for (const { where, message, hint } of findings.slice(0, most))
    context.stderr.write(`${escapeLine(`prov: refused: ${where}: ${message}${hint ? `; ${hint}` : ''}`)}\n`)
  if (findings.length > most) context.stderr.write(`prov: and ${findings.length - most} more\n`)
  return findings.length > 0 ? 1 : 0
}

async function readAll({ stdin }: Context): Promise<string> {
  let text = ''
  for await (const chunk of stdin) text += chunk
  return text
}

async function check(context: Context, range: string | undefined, flags: ParsedWords['flags']): Promise<number> {
  const signers = flags['allowed-signers'] as string | undefined
  const { to, findings } = await checkGuarded(context, range, signers && resolve(context.cwd, signers))
  const view = toFindingsView(findings, {})
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const lines = renderFindings(findings, painter(context.stdout.isTTY === true))
    const ending = view.ok
      ? `prov: ${to} complies with the policy`
      : `prov: ${plural(findings.length, 'finding')} in ${to}`
    context.stdout.write(`${[...lines, escapeLine(ending)].join('\n')}\n`)
  }
  return view.ok ? 0 : 1
}
