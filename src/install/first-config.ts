import { existsSync } from 'node:fs'
import { configName } from '../config/config-file.ts'
import { type NewConfig, writeConfig } from '../config/edit-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { Repository } from '../git/repository.ts'
import type { Asker } from '../terminal/ask.ts'
import { chooseConfig } from './choose-config.ts'
import { configFile, readDeclared } from './declared.ts'
import type { InstallOptions } from './options.ts'
import { findProposals, type Proposals } from './proposals.ts'

/** A prov.yaml to write, and what to report. */
export interface FirstConfig {
  file: string
  text: string
  messages: string[]
}

/** Undefined when prov.yaml exists already, and is then checked, or there is no work tree. */
export async function firstConfig(
  repository: Repository,
  asker: Asker,
  options: InstallOptions,
): Promise<FirstConfig | undefined> {
  const file = configFile(repository)
  if (!file) return undefined
  if (existsSync(file)) {
    await readDeclared(repository)
    return undefined
  }
  const proposals = await findProposals(repository)
  const config = await chooseConfig(asker, proposals, options)
  const text = await writeConfig(config)
  await parseConfig(text, configName)
  return { file, text, messages: [`${configName} written`, ...describe(config, proposals)] }
}

function describe({ datasets, parameters, metrics }: NewConfig, { environments }: Proposals): string[] {
  const lines = datasets.map(({ name, path }) => `  dataset ${name}  ${path}`)
  if (datasets.length === 0) lines.push('  no data found; git prov dataset add <name> <path>')
  if (parameters.length > 0) lines.push(`  parameters ${parameters.join(', ')}`)
  if (metrics.length > 0) lines.push(`  metrics ${metrics.join(', ')}`)
  if (environments.length > 0) lines.push(`  environment ${environments.join(', ')}`)
  return lines
}
