import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configName } from '../collect/config-file.ts'
import { findProposals, type Proposals } from '../collect/proposals.ts'
import type { Context } from '../context.ts'
import { plural } from '../core/dataset.ts'
import { type NewConfig, writeConfig } from '../core/edit-config.ts'
import { ProvError } from '../core/errors.ts'
import { escapeLine } from '../core/escape.ts'
import { parseConfig } from '../core/parse-config.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { requireGitVersion } from '../git/version.ts'
import { setConfig, unsetConfig } from '../install/git-config.ts'
import type { HookPlace } from '../install/hook-script.ts'
import { detectManager, installHooks, uninstallHooks } from '../install/hooks.ts'
import { Journal } from '../install/journal.ts'
import { initLedger } from '../ledger/init.ts'
import { joinRemotes } from '../ledger/join.ts'
import { ensureDir, localDir } from '../ledger/local-dir.ts'
import { rebuildNotes } from '../ledger/rebuild-notes.ts'
import { readSettings } from '../ledger/settings.ts'
import { remoteBranches } from '../ledger/sources.ts'
import { listSpool } from '../ledger/spool.ts'
import { chooseConfig } from './choose-config.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'

/** `git prov init`: once in a repository, again in each clone; any number of times. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags } = parseWords(commandNamed('init'), argv)
  const repository = context.repository()
  const say = (text: string) => flags.quiet || context.stdout.write(`prov: ${escapeLine(text)}\n`)
  requireGitVersion(repository)
  if (flags.uninstall) return uninstall(repository, say)
  // Asked first: who breaks off here has changed nothing.
  const chosen = await newConfig(context, repository, flags)
  ensureDir(localDir(repository).cache)
  const journal = new Journal(localDir(repository).path)
  const changes: string[] = []
  changes.push(...connect(repository, journal, flags.remote as string | undefined))
  changes.push(...(await startLedger(repository)))
  changes.push(...(await hooks(repository, journal, flags['no-hooks'] === true)))
  if (chosen && journal.write(chosen.file, chosen.text)) changes.push(...chosen.said)
  for (const change of changes) say(change)
  if (changes.length === 0) say('everything is in place already')
  else if (repository.workTree)
    say(`next: git add ${configName}, and commit as always; git prov log shows what was recorded`)
  return 0
}

/** Makes fetching bring the branch, in a clone that would leave it out (--single-branch, --depth). */
function connect(repository: Repository, journal: Journal, chosen: string | undefined): string[] {
  const remotes = tryGit(repository, ['remote']).stdout.toString('utf8').split('\n').filter(Boolean)
  if (chosen && !remotes.includes(chosen)) {
    throw new ProvError('usage', `there is no remote '${chosen}'`, {
      hint: remotes.length > 0 ? `there are: ${remotes.join(', ')}` : 'git remote add origin <url>',
    })
  }
  const { branchRef } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const entries: (readonly [string, string, 'many'?])[] = []
  if (readSettings(repository).since === undefined) entries.push(['prov.since', String(Math.floor(Date.now() / 1000))])
  const said: string[] = []
  for (const remote of remotes) {
    if (fetches(repository, remote, branchRef)) continue
    entries.push([`remote.${remote}.fetch`, `+${branchRef}:refs/remotes/${remote}/${name}`, 'many'])
    said.push(`git fetch ${remote} now brings ${name} too`)
  }
  if (chosen) entries.push(['prov.remote', chosen, 'many'])
  setConfig(repository, journal, entries)
  // A shallow clone has the branch cut off like any other; all of it is small, and joining needs its beginning.
  const shallow = existsSync(join(repository.commonDir, 'shallow'))
  if (said.length > 0 || shallow) said.push(...fetchNow(repository, remotes, branchRef, shallow))
  return said
}

function fetches(repository: Repository, remote: string, branchRef: string): boolean {
  const specs = tryGit(repository, ['config', '--get-all', `remote.${remote}.fetch`]).stdout.toString('utf8')
  return specs.includes('refs/heads/*:') || specs.includes('refs/*:') || specs.includes(`${branchRef}:`)
}

/** A single-branch clone has not asked for the branch yet; a remote that has none, or is away, is no error here. */
function fetchNow(repository: Repository, remotes: readonly string[], branchRef: string, shallow: boolean): string[] {
  return remotes.flatMap((remote) => {
    const name = branchRef.slice('refs/heads/'.length)
    const result = tryGit(repository, [
      'fetch',
      '--quiet',
      '--no-tags',
      ...(shallow ? ['--depth=2147483647'] : []),
      remote,
      `+${branchRef}:refs/remotes/${remote}/${name}`,
    ])
    if (result.status === 0 || /couldn't find remote ref/.test(result.stderr)) return []
    return [
      `${remote} could not be asked for ${name} (${result.stderr.trim().split('\n')[0]}); git fetch ${remote}, then git prov init`,
    ]
  })
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
  const noted = tryGit(repository, ['rev-parse', '--verify', '--quiet', notesRef]).status === 0
  if (joined.length === 0 && noted) return []
  const rebuilt = await rebuildNotes(repository)
  const from = joined.map(({ ref }) => ref.replace('refs/remotes/', '')).join(', ')
  if (joined.length === 0)
    return rebuilt.changed && rebuilt.records > 0 ? [`notes rebuilt: ${plural(rebuilt.records, 'record')}`] : []
  return [`connected to ${from}: ${plural(rebuilt.records, 'record')} about ${plural(rebuilt.commits, 'commit')}`]
}

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

/** Where the hook scripts find us. The bundle's hook.cjs lies beside the command that runs. */
export function hookPlace(repository: Repository): HookPlace {
  const attributes = repository.workTree ? join(repository.workTree, '.gitattributes') : ''
  const lfs = existsSync(attributes) && /filter=lfs/.test(readFileSync(attributes, 'utf8'))
  return { node: process.execPath, hook: join(dirname(realpathSync(process.argv[1] as string)), 'hook.cjs'), lfs }
}

/** The prov.yaml to be written, and what to say of it; undefined when there is one, which must be sound, or no work tree. */
async function newConfig(context: Context, repository: Repository, flags: Record<string, unknown>) {
  if (!repository.workTree) return undefined
  const file = join(repository.workTree, configName)
  if (existsSync(file)) {
    await parseConfig(readFileSync(file, 'utf8'), configName)
    return undefined
  }
  const proposals = await findProposals(repository)
  const config = await chooseConfig(context, proposals, flags)
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
