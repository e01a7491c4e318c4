import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../base/errors.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import type { Journal } from './journal.ts'

/**
 * Sets missing or different keys in the clone's configuration, remembering the file's old content. Returns whether it
 * changed.
 */
export function setConfig(
  repository: Repository,
  journal: Journal,
  entries: readonly (readonly [key: string, value: string, many?: 'many'])[],
): boolean {
  const file = join(repository.commonDir, 'config')
  const before = existsSync(file) ? readFileSync(file) : undefined
  for (const [key, value, many] of entries) {
    const present = tryGit(repository, ['config', '--local', '--get-all', key]).stdout.toString('utf8').split('\n')
    if (present.includes(value)) continue
    const result = tryGit(repository, ['config', '--local', ...(many ? ['--add'] : []), key, value])
    if (result.status !== 0)
      throw new ProvError('io', 'the git configuration of this clone cannot be written', {
        cause: result.stderr.trim(),
        hint: `ls -l ${file}`,
      })
  }
  const after = readFileSync(file, 'utf8')
  if (before?.toString('utf8') === after) return false
  journal.remember(file, before, after)
  return true
}

/** Restores the configuration: byte for byte when nobody else changed it, else by removing our keys. */
export function unsetConfig(repository: Repository, journal: Journal): void {
  const file = join(repository.commonDir, 'config')
  if (journal.restore(file)) return
  tryGit(repository, ['config', '--local', '--remove-section', 'prov'])
  const marks = tryGit(repository, [
    'config',
    '--local',
    '-z',
    '--name-only',
    '--get-regexp',
    '^remote\\..*\\.prov(url|only)$',
  ])
  for (const key of marks.stdout.toString('utf8').split('\0').filter(Boolean))
    tryGit(repository, ['config', '--local', '--unset-all', key])
  for (const path of provFetches(repository)) {
    tryGit(repository, [
      'config',
      '--local',
      '--unset',
      path.key,
      `^${path.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
    ])
  }
}

function provFetches(repository: Repository): { key: string; value: string }[] {
  const text = tryGit(repository, ['config', '--local', '-z', '--get-regexp', '^remote\\..*\\.fetch$']).stdout.toString(
    'utf8',
  )
  return text.split('\0').flatMap((entry) => {
    const [key = '', value = ''] = entry.split('\n')
    return /^\+refs\/heads\/prov:refs\/remotes\/[^/]+\/prov$/.test(value) ? [{ key, value }] : []
  })
}
