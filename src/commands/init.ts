import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { configName } from '../config/config-file.ts'
import { type NewConfig, writeConfig } from '../config/edit-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { requireGitVersion } from '../git/version.ts'
import { installCheckHook, uninstallCheckHook } from '../install/check-hook.ts'
import { chooseConfig } from '../install/choose-config.ts'
import { askRemote, isAddress, takeRemote } from '../install/choose-remote.ts'
import { chooseRole } from '../install/choose-role.ts'
import { connect, fetchBranches } from '../install/connect.ts'
import { setConfig, unsetConfig } from '../install/git-config.ts'
import { hookPlace } from '../install/hook-place.ts'
import { detectManager, installHooks, uninstallHooks } from '../install/hooks.ts'
import { Journal } from '../install/journal.ts'
import { findProposals, type Proposals } from '../install/proposals.ts'
import { initLedger } from '../ledger/append/init.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { ensureDir, localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { rebuildNotes } from '../ledger/notes/rebuild-notes.ts'
import { remoteBranches } from '../ledger/read/sources.ts'
import { joinRemotes } from '../ledger/share/join.ts'
import { type Asker, openAsker } from '../terminal/ask.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov init`: once in a repository, again in each clone; any number of times. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const repository = context.repository()
  const say = (text: string) => flags.quiet || context.stdout.write(`prov: ${escapeLine(text)}\n`)
  requireGitVersion(repository)
  if (flags.uninstall) return uninstall(repository, say)
  // Asked first: who breaks off here has changed nothing.
  const isFirst = readSettings(repository).since === undefined
  const asker = openAsker(context, flags.yes === true)
  const answers = async () => ({
    chosen: await newConfig(repository, flags, asker),
    role:
      isFirst || flags.role !== undefined ? await chooseRole(asker, flags.role, await policyOf(repository)) : undefined,
    remote: await askRemote(context, repository, asker, await remoteChoice(repository, flags, isFirst)),
  })
  const { chosen, role, remote } = await answers().finally(asker.close)
  ensureDir(localDir(repository).cache)
  const journal = new Journal(localDir(repository).path)
  const changes: string[] = []
  const connected = connect(repository, journal)
  if (remote.take !== undefined) remote.said.push(takeRemote(repository, journal, remote.take))
  changes.push(...connected)
  if (isFirst || connected.length > 0 || remote.take) changes.push(...fetchBranches(repository))
  changes.push(...(await startLedger(repository)))
  changes.push(...(await hooks(repository, journal, flags['no-hooks'] === true)))
  if (role !== undefined && setConfig(repository, journal, [['prov.role', role]]))
    changes.push(`decisions are written in the role ${role}`)
  changes.push(...(await checkHook(repository, journal, flags)))
  if (chosen && journal.write(chosen.file, chosen.text)) changes.push(...chosen.said)
  changes.push(...remote.said)
  for (const change of changes) say(change)
  if (changes.length === 0) say('everything is in place already')
  else if (repository.workTree)
    say(`next: git add ${configName}, and commit as always; git prov log shows what was recorded`)
  return 0
}

/** The policy as prov.yaml has it; a malformed one is told of where prov.yaml is read for itself. */
async function policyOf(repository: Repository) {
  const file = repository.workTree && join(repository.workTree, configName)
  if (!file || !existsSync(file)) return undefined
  return (await parseConfig(readFileSync(file, 'utf8'), configName)).policy
}

/** Only for those who ask for it, by the flag or in the policy: nobody else's commits wait for a check. */
async function checkHook(repository: Repository, journal: Journal, flags: Record<string, unknown>): Promise<string[]> {
  if (flags['no-hooks'] || !repository.workTree) return []
  if (!flags['check-hook'] && !(await policyOf(repository))?.checks?.hook) return []
  const said = installCheckHook(repository, journal)
  return said === undefined ? [] : [said]
}

/** prov.yaml may propose a remote for provenance alone; an address that would run a command is no proposal. */
async function remoteChoice(repository: Repository, flags: Record<string, unknown>, isFirst: boolean) {
  const file = repository.workTree && join(repository.workTree, configName)
  const there = file && existsSync(file)
  const address = there ? (await parseConfig(readFileSync(file, 'utf8'), configName)).share?.url : undefined
  const given = flags.remote as string | undefined
  return {
    given,
    yes: flags.yes === true,
    none: flags['no-remote'] === true || (!isFirst && given === undefined),
    proposed: address !== undefined && isAddress(address) ? address : undefined,
  }
}

async function startLedger(repository: Repository): Promise<string[]> {
  const { branchRef, notesRef } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  if (
    remoteBranches(repository).size === 0 ||
    tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).status === 0
  ) {
    if ((await initLedger(repository)) === 'created' && remoteBranches(repository).size === 0)
      return [`branch ${name} created`]
  }
  const joined = await joinRemotes(repository)
  const taken = joined.flatMap(({ redaction }) => (redaction ? [sayTaken(redaction)] : []))
  const noted = tryGit(repository, ['rev-parse', '--verify', '--quiet', notesRef]).status === 0
  if (joined.length === 0 && noted) return []
  const rebuilt = (joined.length === 1 && joined[0]?.rebuilt) || (await rebuildNotes(repository))
  const from = joined.map(({ ref }) => ref.replace('refs/remotes/', '')).join(', ')
  if (joined.length === 0)
    return rebuilt.changed && rebuilt.records > 0 ? [`notes rebuilt: ${plural(rebuilt.records, 'record')}`] : []
  return [
    `connected to ${from}: ${plural(rebuilt.records, 'record')} about ${plural(rebuilt.commits, 'commit')}`,
    ...taken,
  ]
}

const sayTaken = (redaction: string) =>
  `the history that redaction ${redaction.slice(0, 12)} rewrote was taken; what went leaves this clone with: git prov redact --purge`

async function hooks(repository: Repository, journal: Journal, without: boolean): Promise<string[]> {
  if (without || !repository.workTree) return []
  const changed = await installHooks(repository, journal, hookPlace(repository))
  if (!changed) return []
  const manager = detectManager(repository)
  if (manager === 'husky') return ['hooks added to .husky/ (commit them: the team shares that folder)']
  if (manager === 'lefthook') return ['hooks installed beside lefthook; run: lefthook install']
  return [
    manager === 'git'
      ? 'hooks installed'
      : `hooks installed beside ${manager === 'shared folder' ? 'your own (core.hooksPath)' : manager}`,
  ]
}

/** The prov.yaml to be written, and what to say of it; undefined when there is one, which must be sound, or no work tree. */
async function newConfig(repository: Repository, flags: Record<string, unknown>, asker: Asker) {
  if (!repository.workTree) return undefined
  const file = join(repository.workTree, configName)
  if (existsSync(file)) {
    await parseConfig(readFileSync(file, 'utf8'), configName)
    return undefined
  }
  const proposals = await findProposals(repository)
  const config = await chooseConfig(asker, proposals, flags)
  const text = await writeConfig(config)
  await parseConfig(text, configName)
  return { file, text, said: [`${configName} written`, ...describe(config, proposals)] }
}

function describe({ datasets, parameters, metrics }: NewConfig, { environments }: Proposals): string[] {
  const lines = datasets.map(({ name, path }) => `  dataset ${name}  ${path}`)
  if (datasets.length === 0) lines.push('  no data; git prov dataset add <name> <path>')
  if (parameters.length > 0) lines.push(`  parameters ${parameters.join(', ')}`)
  if (metrics.length > 0) lines.push(`  metrics ${metrics.join(', ')}`)
  if (environments.length > 0) lines.push(`  environment ${environments.join(', ')}`)
  return lines
}

function uninstall(repository: Repository, say: (text: string) => void): number {
  const local = localDir(repository)
  if (listSpool(local).length > 0)
    throw new ProvError('usage', 'some records wait to be written to the branch', {
      hint: 'git prov capture, then again',
    })
  const journal = new Journal(local.path)
  uninstallHooks(repository, journal)
  uninstallCheckHook(repository, journal)
  unsetConfig(repository, journal)
  if (repository.workTree && !isTracked(repository)) journal.restore(join(repository.workTree, configName))
  // Before the folder goes: reading settings would make it anew.
  const { branchRef, notesRef } = readSettings(repository)
  rmSync(local.path, { recursive: true, force: true })
  const branch = branchRef.slice('refs/heads/'.length)
  say('hooks and settings are as they were before init')
  say(`the records stay on ${branch}; to delete them too: git branch -D ${branch}; git update-ref -d ${notesRef}`)
  return 0
}

function isTracked(repository: Repository): boolean {
  return tryGit(repository, ['ls-files', '--error-unmatch', configName]).status === 0
}
