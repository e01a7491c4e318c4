import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { missing } from '../../base/missing.ts'
import { readCommittedParameters } from '../../collect/parameters.ts'
import type { RunParameters } from '../../generated/types.ts'
import type { Run } from '../../records/record.ts'
import { flatParameters, type Leaf } from '../../records/run.ts'
import type { RunOptions } from '../options.ts'
import type { Session } from '../session.ts'
import { commandParameters, seedsAmong } from './command-parameters.ts'

const maxBytes = 256 * 1024

/** Parameters from the files prov.yaml names, as they are now, from the command line, and from options. */
export async function gatherParameters(session: Session, options: RunOptions): Promise<Run['parameters']> {
  const files = session.config.parameters.map(async (path) => [path, await fromFile(session, path)] as const)
  const found: Run['parameters'] = Object.fromEntries(await Promise.all(files))
  const command = commandParameters(options.command)
  if (command.size > 0) found.command = { values: Object.fromEntries([...command].slice(0, 10_000)) }
  if (options.parameters.size > 0) found.option = { values: Object.fromEntries(options.parameters) }
  return found
}

async function fromFile({ repository, local, redactor }: Session, path: string): Promise<RunParameters> {
  const full = join(repository.workTree, path)
  const stat = statSync(full, { throwIfNoEntry: false })
  if (!stat?.isFile()) return missing(stat ? 'not a regular file' : 'there is no such file')
  if (stat.size > maxBytes) return missing(`${path} is ${stat.size} bytes long, more than ${maxBytes}`)
  try {
    const body = readFileSync(full)
    return await readCommittedParameters(path, { oid: digestOf(body), body }, local.cache, redactor)
  } catch (error) {
    return missing(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Seeds from options, else from parameters and variables with names that say so. */
export function gatherSeeds(
  record: Pick<Run, 'parameters'>,
  options: RunOptions,
  env: Session['context']['env'],
): Run['seeds'] {
  const variables: [string, Leaf | undefined][] = [['PYTHONHASHSEED', env.PYTHONHASHSEED]]
  const seeds = seedsAmong([...variables, ...flatParameters(record as Run)])
  for (const [name, value] of options.seeds) seeds.set(name, value)
  return seeds.size > 0 ? Object.fromEntries([...seeds].slice(0, 1000)) : undefined
}
