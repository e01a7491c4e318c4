import { ProvError } from '../base/errors.ts'
import { patternProblem } from '../base/safe-pattern.ts'
import { type FileProblem, readYaml, type YamlFile } from '../base/yaml-file.ts'
import type { ConfigFile } from '../generated/types.ts'
import { type Config, defaultConfig } from './config.ts'

const maxBytes = 256 * 1024

/** Parses prov.yaml. Throws `config` with line and column, what was expected and what to write. */
export async function parseConfig(text: string, file = 'prov.yaml'): Promise<Config> {
  if (text.length > maxBytes) throw new ProvError('config', `${file} is longer than ${maxBytes} bytes`)
  const read = await readYaml(text)
  const [problem] = read.problems.length > 0 ? read.problems : await configProblems(read)
  if (problem) throw refused(file, problem)
  return complete((read.value ?? {}) as ConfigFile)
}

async function configProblems(read: YamlFile): Promise<FileProblem[]> {
  const { config_v1 } = await import('../generated/file-validators.js')
  const value = read.value ?? {}
  if (config_v1(value))
    return [twins, unsafePatterns, unreadable].flatMap((problems) => problems(read, value as ConfigFile))
  const { schemaProblems } = await import('../base/schema-problems.ts')
  return schemaProblems(read, 'config_v1', config_v1.errors ?? [])
}

function refused(file: string, { line, column, message, hint }: FileProblem): ProvError {
  return new ProvError('config', `${file}:${line}:${column}: ${message}`, { hint })
}

function twins(read: YamlFile, { datasets = [] }: ConfigFile): FileProblem[] {
  const seen = new Map<string, number>()
  return datasets.flatMap(({ name }, index) => {
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    if (first === undefined) return []
    const message = `datasets[${index}].name '${name}' is taken by datasets[${first}]`
    return [{ ...read.locate(['datasets', index, 'name']), message, hint: `git prov dataset remove ${name}` }]
  })
}

function unsafePatterns(read: YamlFile, { policy }: ConfigFile): FileProblem[] {
  return (policy?.privacy?.rules ?? []).flatMap(({ id, pattern }, index) => {
    const problem = patternProblem(pattern)
    if (!problem) return []
    const path = ['policy', 'privacy', 'rules', index, 'pattern']
    const message = `policy.privacy.rules[${index}].pattern of '${id}' ${problem}`
    return [{ ...read.locate(path), message, hint: 'write it with bounds, such as [a-z0-9]{20,60}' }]
  })
}

/** Roles without keys: what is restricted to them could be read by nobody. */
function unreadable(read: YamlFile, { policy }: ConfigFile): FileProblem[] {
  const { fields = {}, kinds = {}, recipients = {} } = policy?.restricted ?? {}
  return Object.entries({ fields, kinds }).flatMap(([member, named]) =>
    Object.entries(named as Record<string, string[]>).flatMap(([name, roles]) =>
      roles.flatMap((role, index) => {
        if (Object.hasOwn(recipients, role)) return []
        const message = `policy.restricted.recipients has no keys of '${role}'`
        const hint = 'age-keygen makes one; its public key goes there'
        return [{ ...read.locate(['policy', 'restricted', member, name, index]), message, hint }]
      }),
    ),
  )
}

function complete({ datasets, parameters, metrics, environment, capture, share, replay, policy }: ConfigFile): Config {
  return {
    datasets: datasets ?? [],
    parameters: parameters ?? [],
    metrics: metrics ?? [],
    environment: { variables: environment?.variables ?? [] },
    capture: {
      mode: capture?.mode ?? defaultConfig.capture.mode,
      budget: capture?.budget ?? defaultConfig.capture.budget,
    },
    ...(share && { share }),
    ...(replay?.tolerance && { replay: { tolerance: replay.tolerance } }),
    ...(policy && { policy }),
  }
}
