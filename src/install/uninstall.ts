import { rmSync } from 'node:fs'
import { ProvError } from '../base/errors.ts'
import { configName } from '../config/config-file.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { uninstallCheckHook } from './check-hook.ts'
import { configFile } from './declared.ts'
import { unsetConfig } from './git-config.ts'
import { uninstallHooks } from './hooks.ts'
import { Journal } from './journal.ts'

/** Restores hooks, settings and files; the records stay. Returns what to report. Throws `usage`. */
export function uninstall(repository: Repository): string[] {
  const local = localDir(repository)
  if (listSpool(local).length > 0)
    throw new ProvError('usage', 'some records are not on the branch yet', {
      hint: 'git prov capture, then run it again',
    })
  const journal = new Journal(local.path)
  uninstallHooks(repository, journal)
  uninstallCheckHook(repository, journal)
  unsetConfig(repository, journal)
  const file = configFile(repository)
  if (file && !isTracked(repository)) journal.restore(file)
  // Before the folder is deleted: reading settings would create it again.
  const { branchRef, notesRef } = readSettings(repository)
  rmSync(local.path, { recursive: true, force: true })
  const branch = branchRef.slice('refs/heads/'.length)
  return [
    'hooks and settings are as they were before init',
    `the records stay on ${branch}; to delete them too: git branch -D ${branch}; git update-ref -d ${notesRef}`,
  ]
}

function isTracked(repository: Repository): boolean {
  return tryGit(repository, ['ls-files', '--error-unmatch', configName]).status === 0
}
