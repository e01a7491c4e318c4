import type { Document, LineCounter, Node } from 'yaml'
import type { ConfigFile } from '../generated/types.ts'
import type { ValidatorError } from '../generated/validators.js'
import { type Config, defaultConfig } from './config.ts'
import { ProvError } from './errors.ts'
import { nearest } from './nearest.ts'

const maxBytes = 256 * 1024
const known: Record<string, readonly string[]> = {
  '': ['version', 'datasets', 'parameters', 'metrics', 'environment', 'capture'],
  '/environment': ['variables'],
  '/capture': ['mode', 'budget'],
  dataset: ['name', 'path'],
}

/** prov.yaml from its text. Throws `config`, naming line and column, what was expected and what to type. */
export async function parseConfig(text: string, file = 'prov.yaml'): Promise<Config> {
  if (text.length > maxBytes) throw new ProvError('config', `${file} is longer than ${maxBytes} bytes`)
  const { document, lines } = await parseYaml(text, file)
  const { config_v1 } = await import('../generated/validators.js')
  const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {}
  if (!config_v1(value)) throw invalid(file, document, lines, (config_v1.errors ?? [])[0] as ValidatorError)
  const config = value as ConfigFile
  refuseTwins(file, document, lines, config)
  return complete(config)
}

/** A YAML document in which nothing is clever: no aliases, no duplicate keys, no tabs. Throws `config`. */
async function parseYaml(text: string, file: string): Promise<{ document: Document.Parsed; lines: LineCounter }> {
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'silent',
  })
  const problem = document.errors[0]
  if (problem)
    throw at(
      file,
      lines,
      problem.pos[0],
      problem.message.replace(/ at line \d+, column \d+.*$/s, ''),
      'git prov init writes a new one where there is none',
    )
  yaml.visit(document, {
    Alias: (_, node) => {
      throw at(file, lines, node.range?.[0] ?? 0, 'an alias (*) is not allowed here', 'write the value out')
    },
  })
  return { document, lines }
}

function at(file: string, lines: LineCounter, offset: number, message: string, hint: string): ProvError {
  const { line, col } = lines.linePos(offset)
  return new ProvError('config', `${file}:${line}:${col}: ${message}`, { hint })
}

function invalid(file: string, document: Document, lines: LineCounter, error: ValidatorError): ProvError {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const extra = error.params.additionalProperty as string | undefined
  const node = document.getIn(extra === undefined ? path : [...path, extra], true) as Node | undefined
  const offset = (extra === undefined ? undefined : keyOffset(document, path, extra)) ?? node?.range?.[0] ?? 0
  const where = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
  const { message, hint } = explain(where, path, error, extra)
  return at(file, lines, offset, message, hint)
}

function keyOffset(document: Document, path: (string | number)[], key: string): number | undefined {
  const map = document.getIn(path, true) as { items?: { key: Node & { value?: unknown } }[] } | undefined
  return map?.items?.find((pair) => pair.key.value === key)?.key.range?.[0]
}

function explain(
  where: string,
  path: readonly (string | number)[],
  error: ValidatorError,
  extra: string | undefined,
): { message: string; hint: string } {
  const subject = where || 'the file'
  if (extra !== undefined) {
    const names = path[0] === 'datasets' ? known.dataset : known[error.instancePath]
    const guess = nearest(extra, names ?? [])
    return {
      message: `${subject} has no member '${extra}'`,
      hint: guess ? `did you mean '${guess}'?` : `it can have: ${(names ?? []).join(', ')}`,
    }
  }
  if (error.keyword === 'required')
    return { message: `${subject} has no '${error.params.missingProperty}'`, hint: 'a dataset has a name and a path' }
  if (error.keyword === 'enum')
    return {
      message: `${subject} must be one of ${(error.params.allowedValues as string[]).join(', ')}`,
      hint: `write ${(error.params.allowedValues as string[])[0]}`,
    }
  if (error.keyword === 'pattern' && /path$|parameters|metrics/.test(where))
    return {
      message: `${subject} must be relative to the top of the work tree and inside it`,
      hint: 'write it without / at the start and without ..',
    }
  if (error.keyword === 'pattern')
    return { message: `${subject} may hold letters, digits, '.', '_' and '-' only`, hint: 'choose another name' }
  return { message: `${subject} ${error.message}`, hint: 'git help prov tells of prov.yaml' }
}

function refuseTwins(file: string, document: Document, lines: LineCounter, { datasets = [] }: ConfigFile): void {
  const seen = new Map<string, number>()
  for (const [index, { name }] of datasets.entries()) {
    const first = seen.get(name)
    const node = document.getIn(['datasets', index, 'name'], true) as Node | undefined
    if (first !== undefined)
      throw at(
        file,
        lines,
        node?.range?.[0] ?? 0,
        `datasets[${index}].name '${name}' is taken by datasets[${first}]`,
        `git prov dataset remove ${name}`,
      )
    seen.set(name, index)
  }
}

function complete({ datasets, parameters, metrics, environment, capture }: ConfigFile): Config {
  return {
    datasets: datasets ?? [],
    parameters: parameters ?? [],
    metrics: metrics ?? [],
    environment: { variables: environment?.variables ?? [] },
    capture: {
      mode: capture?.mode ?? defaultConfig.capture.mode,
      budget: capture?.budget ?? defaultConfig.capture.budget,
    },
  }
}
