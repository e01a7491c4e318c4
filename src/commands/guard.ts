import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { type Finding, toFindingsView } from '../base/finding.ts'
import { plural } from '../base/quantity.ts'
import { type GuardPolicy, guardPolicy } from '../config/guard-policy.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { installGuard, uninstallGuard } from '../install/guard-hook.ts'
import { hookPlace } from '../install/hook-place.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { checkPush, checkRange, type PushedRef, type PushRules } from '../ledger/proof/guard/check-push.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov guard install|uninstall|check`, and `receive`, which the pre-receive hook calls. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [action, ...rest] = words
  if (action === 'install' && rest.length === 0) return install(context)
  if (action === 'uninstall' && rest.length === 0) return uninstall(context)
  if (action === 'receive' && rest.length === 0) return await receive(context)
  if (action === 'check' && rest.length <= 1)
    return await check(context, rest[0], flags.json === true, flags['allowed-signers'] as string | undefined)
  throw new ProvError('usage', 'this is no form of git prov guard', { hint: 'git prov help guard' })
}

function install(context: Context): number {
  const repository = context.repository()
  const changed = installGuard(repository, hookPlace(context), readSettings(repository).branchRef)
  context.stdout.write(
    changed
      ? 'prov: guard installed; it holds policy.guard of prov.yaml on the default branch\n'
      : 'prov: the guard is in place already\n',
  )
  if (tryGit(repository, ['config', '--type=bool', 'receive.fsckObjects']).stdout.toString('utf8').trim() !== 'true')
    context.stdout.write('prov: git itself can check more: git config receive.fsckObjects true\n')
  return 0
}

function uninstall(context: Context): number {
  context.stdout.write(
    uninstallGuard(context.repository()) ? 'prov: guard taken out\n' : 'prov: there is no guard here\n',
  )
  return 0
}

/** githooks(5), pre-receive: what is refused is said on stderr, which git shows to who pushes. */
async function receive(context: Context): Promise<number> {
  const refs = parseRefs(await readAll(context))
  const repository = context.repository()
  const findings = await withRules(repository, context, undefined, (rules) =>
    checkPush(inQuarantine(repository, context), refs, rules),
  )
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

/** `<old> SP <new> SP <ref> LF` */
function parseRefs(text: string): PushedRef[] {
  const known = (oid: string) => (/^0+$/.test(oid) ? undefined : oid)
  return text.split('\n').flatMap((line) => {
    const match = line.match(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (.+)$/)
    return match ? [{ from: known(match[1] as string), to: known(match[2] as string), ref: match[3] as string }] : []
  })
}

/** What is pushed lies in a folder of its own until the hook says yes (git-receive-pack(1), QUARANTINE ENVIRONMENT). */
function inQuarantine(repository: Repository, { env }: Context): Repository {
  const names = ['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_QUARANTINE_PATH']
  const kept = names.flatMap((name) =>
    env[name] === undefined ? [] : [[name, resolve(repository.gitDir, env[name])] as const],
  )
  return { ...repository, env: { ...repository.env, ...Object.fromEntries(kept) } }
}

/** The policy as it stands on the default branch, before what is pushed now. */
async function withRules<T>(
  repository: Repository,
  { env }: Context,
  signers: string | undefined,
  work: (rules: PushRules) => Promise<T>,
): Promise<T> {
  const policy = await readPolicy(repository)
  const folder = mkdtempSync(join(tmpdir(), 'git-prov-'))
  try {
    const allowedSigners = signers ?? writeSigners(repository, policy, folder)
    const name = env.GL_USER ?? env.REMOTE_USER ?? env.GIT_PROV_USER
    const certificate = {
      status: env.GIT_PUSH_CERT_STATUS ?? '',
      signer: env.GIT_PUSH_CERT_SIGNER ?? '',
      nonce: env.GIT_PUSH_CERT_NONCE_STATUS ?? '',
    }
    const pusher = { certificate, ...(name && { name: policy.accounts[name] ?? name }) }
    return await work({ policy, pusher, ...(allowedSigners && { allowedSigners }) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function readPolicy(repository: Repository): Promise<GuardPolicy> {
  const file = tryGit(repository, ['cat-file', 'blob', 'HEAD:prov.yaml'])
  return guardPolicy(file.status === 0 ? (await parseConfig(file.stdout.toString('utf8'))).policy : undefined)
}

/** The server's own file comes before the one that is reviewed with the code. */
function writeSigners(repository: Repository, { signers }: GuardPolicy, folder: string): string | undefined {
  const own = tryGit(repository, ['config', 'gpg.ssh.allowedSignersFile']).stdout.toString('utf8').trim()
  if (own || signers === undefined) return undefined
  const file = join(folder, 'allowed_signers')
  const blob = tryGit(repository, ['cat-file', 'blob', `HEAD:${signers}`])
  writeFileSync(file, blob.status === 0 ? blob.stdout : '')
  return file
}

/** The same check where no hook can be had: in CI, of what a range adds or of the whole branch. */
async function check(
  context: Context,
  range: string | undefined,
  json: boolean,
  signers: string | undefined,
): Promise<number> {
  const repository = context.repository()
  const { branchRef } = readSettings(repository)
  const [from, to] = range?.includes('..') ? range.split('..', 2) : [undefined, range ?? branchRef]
  const [tip, base] = [resolveCommit(repository, to || branchRef), from ? resolveCommit(repository, from) : undefined]
  const findings: Finding[] =
    base && tryGit(repository, ['merge-base', '--is-ancestor', base, tip]).status !== 0
      ? [
          {
            code: 'replaced',
            severity: 'error',
            where: to as string,
            message: `does not contain ${from}: its history was replaced`,
          },
        ]
      : await withRules(repository, context, signers && resolve(context.cwd, signers), (rules) =>
          checkRange(repository, tip, base ? [base] : [], rules),
        )
  const view = toFindingsView(findings, {})
  if (json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const lines = renderFindings(findings, painter(context.stdout.isTTY === true))
    const ending = view.ok ? `prov: ${to} holds to the policy` : `prov: ${plural(findings.length, 'finding')} in ${to}`
    context.stdout.write(`${[...lines, escapeLine(ending)].join('\n')}\n`)
  }
  return view.ok ? 0 : 1
}

function resolveCommit(repository: Repository, word: string): string {
  const result = tryGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`])
  if (result.status === 0) return result.stdout.toString('latin1').trim()
  throw new ProvError('unknown-revision', `there is no commit '${word}' here`, { hint: 'git fetch <remote> prov' })
}
