import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { configName } from '../config/config-file.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { Repository } from '../git/repository.ts'

/** The path of prov.yaml, whether it exists or not; undefined in a bare repository. */
export function configFile({ workTree }: Repository): string | undefined {
  return workTree && join(workTree, configName)
}

/** prov.yaml in the work tree; undefined when there is none. Throws `config` when it is malformed. */
export async function readDeclared(repository: Repository): Promise<Config | undefined> {
  const file = configFile(repository)
  if (!file || !existsSync(file)) return undefined
  return await parseConfig(readFileSync(file, 'utf8'), configName)
}
