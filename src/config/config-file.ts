import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { replaceFile } from '../base/files.ts'
import type { Repository } from '../git/repository.ts'
import { type Config, defaultConfig } from './config.ts'

export const configName = 'prov.yaml'

/**
 * prov.yaml from the work tree, or the defaults when there is none. Cached as JSON with the file's stat data, so that a
 * hook parses YAML only after a change. Throws `config` when it is invalid.
 */
export async function loadConfig(repository: Repository, cacheDir: string): Promise<Config> {
  if (!repository.workTree) return defaultConfig
  const file = join(repository.workTree, configName)
  const key = identity(file)
  if (!key) return defaultConfig
  const cacheFile = join(cacheDir, 'config.json')
  const cached = readCache(cacheFile, key)
  if (cached) return cached
  const { parseConfig } = await import('./parse-config.ts')
  const config = await parseConfig(readConfigText(file), configName)
  replaceFile(cacheFile, JSON.stringify({ key, config }))
  return config
}

function identity(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat && `${file} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}`
}

function readCache(file: string, key: string): Config | undefined {
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as { key: string; config: Config }
    return cached.key === key ? cached.config : undefined
  } catch {
    return undefined
  }
}

export function readConfigText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ProvError('config', `${configName} cannot be read: ${messageOf(error)}`, {
      cause: error,
      hint: `ls -l ${configName}`,
    })
  }
}
