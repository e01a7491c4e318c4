import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'
import { completeSchemas } from '../ledger/append/complete-schemas.ts'
import { ensureDir, localDir } from '../ledger/local/local-dir.ts'
import { addHooks } from './add-hooks.ts'
import { installCheckHook } from './check-hook.ts'
import type { Choices } from './choices.ts'
import { connect, fetchBranches } from './connect.ts'
import { readDeclared } from './declared.ts'
import { setConfig } from './git-config.ts'
import { Journal } from './journal.ts'
import type { InstallOptions } from './options.ts'
import { startLedger } from './start-ledger.ts'
import { takeRemote } from './take-remote.ts'

/**
 * Sets up a repository, or a clone of one that is set up: fetching, the branch with its notes, hooks, settings,
 * prov.yaml. Existing parts are left alone, and changes to files are journalled so that uninstall can undo them.
 * Returns what changed, for the user; empty when there was nothing to do.
 */
export async function setUp(context: Context, choices: Choices, options: InstallOptions): Promise<string[]> {
  const repository = context.repository()
  const { isFirst, config, role, remote } = choices
  ensureDir(localDir(repository).cache)
  const journal = new Journal(localDir(repository).path)
  const connected = connect(repository, journal)
  const taken = remote.take === undefined ? [] : [takeRemote(repository, journal, remote.take)]
  const changes = [...connected]
  if (isFirst || connected.length > 0 || remote.take) changes.push(...fetchBranches(repository))
  changes.push(...(await startLedger(repository)))
  const added = await completeSchemas(repository)
  if (added > 0) changes.push(`${plural(added, 'schema')} of this version added to the branch`)
  if (options.hooks) changes.push(...(await addHooks(context, journal)))
  if (role !== undefined && setConfig(repository, journal, [['prov.role', role]]))
    changes.push(`decisions use the role ${role}`)
  if (options.hooks) changes.push(...(await checkHook(repository, journal, options)))
  if (config && journal.write(config.file, config.text)) changes.push(...config.messages)
  return [...changes, ...remote.messages, ...taken]
}

/** Only when requested by flag or policy: nobody else's commits wait for a check. */
async function checkHook(repository: Repository, journal: Journal, options: InstallOptions): Promise<string[]> {
  if (!repository.workTree) return []
  if (!options.checkHook && !(await readDeclared(repository))?.policy?.checks?.hook) return []
  const message = installCheckHook(repository, journal)
  return message === undefined ? [] : [message]
}
