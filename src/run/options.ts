import { ProvError } from '../base/errors.ts'
import { parseExpression } from '../expression/parse.ts'
import { runVocabulary } from '../expression/run-vocabulary.ts'
import type { Leaf } from '../records/run.ts'
import type { ParsedWords } from '../terminal/words.ts'
import { leafOf } from './plan/command-parameters.ts'

/** The checked options of `git prov run`. Paths are as typed, relative to the working folder. */
export interface RunOptions {
  /** Empty only with `finish`. */
  command: string[]
  intent?: string
  hypothesis?: string
  expectations: string[]
  baseline?: string
  stage?: string
  name?: string
  inputs: string[]
  outputs: string[]
  parameters: Map<string, Leaf>
  seeds: Map<string, string | number>
  tags: Map<string, string>
  decisions: string[]
  metrics: string[]
  trace: boolean
  snapshot: boolean
  /** Serve MLflow's clients. */
  mlflow: boolean
  json: boolean
  quiet: boolean
  /** Print an id and do not run the command. */
  start: boolean
  /** The run to close. */
  finish?: string
  /** Its exit status, with `finish`. */
  status: number
}

/** Checks the flags of `git prov run`. Throws `usage`, naming the option and what it takes. */
export function toRunOptions(flags: ParsedWords['flags'], command: string[]): RunOptions {
  const one = (name: string) => flags[name] as string | undefined
  const many = (name: string) => (flags[name] ?? []) as string[]
  const options: RunOptions = {
    command,
    expectations: many('expect').map(expectation),
    inputs: many('input').map((path) => words('input', path, 4096)),
    outputs: many('output').map((path) => words('output', path, 4096)),
    parameters: new Map([...pairs('param', many('param'), 10_000)].map(([key, value]) => [key, leafOf(value)])),
    seeds: seedsOf(many('seed')),
    tags: pairs('tag', many('tag'), 1000, true),
    decisions: many('decision').map((slug) => words('decision', slug, 256)),
    metrics: many('metrics').map((path) => words('metrics', path, 4096)),
    trace: flags.trace === true,
    snapshot: flags['no-snapshot'] !== true,
    mlflow: flags['no-mlflow'] !== true,
    json: flags.json === true,
    quiet: flags.quiet === true,
    start: flags.start === true,
    status: statusOf(one('status')),
  }
  const [intent, hypothesis, baseline] = [one('intent'), one('hypothesis'), one('baseline')]
  if (intent !== undefined) options.intent = words('intent', intent, 65_536)
  if (hypothesis !== undefined) options.hypothesis = words('hypothesis', hypothesis, 65_536)
  if (baseline !== undefined) options.baseline = words('baseline', baseline, 1024)
  for (const key of ['stage', 'name'] as const) {
    const value = one(key)
    if (value !== undefined) options[key] = name(key, value)
  }
  const finish = one('finish')
  if (finish !== undefined) options.finish = finish
  return complete(options, one('status') !== undefined)
}

function complete(options: RunOptions, hasStatus: boolean): RunOptions {
  const { command, finish, start } = options
  if (finish !== undefined && (command.length > 0 || start)) throw usage('--finish takes a run, not a command')
  if (finish === undefined && hasStatus) throw usage('--status needs --finish')
  if (finish === undefined && command.length === 0) throw usage('no command to run was given')
  return options
}

/** Throws `usage` with the column of the error. */
function expectation(text: string): string {
  parseExpression(words('expect', text, 1024), runVocabulary)
  return text
}

function words(option: string, text: string, most: number): string {
  if (text.trim() === '') throw usage(`--${option} is empty`)
  if (text.length > most) throw usage(`--${option} is ${text.length} characters long, more than ${most}`)
  return text
}

/** The schema's pattern of a name. */
function name(option: string, text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@/+-]{0,127}$/.test(text)) return text
  throw usage(`--${option} '${text}' is not a name: use letters, digits and . _ @ / + -, at most 128`)
}

function pairs(option: string, texts: readonly string[], most: number, bare = false): Map<string, string> {
  const found = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const key = at < 0 ? text : text.slice(0, at)
    if (key === '' || (at < 0 && !bare))
      throw usage(`--${option} '${text}' is not ${bare ? 'key[=value]' : 'key=value'}`)
    found.set(words(option, key, 1024), at < 0 ? '' : text.slice(at + 1).slice(0, 8192))
  }
  if (found.size > most) throw usage(`--${option} is given more than ${most} times`)
  return found
}

function seedsOf(texts: readonly string[]): Map<string, string | number> {
  const leaves = [...pairs('seed', texts, 1000)].map(([key, value]) => [key, leafOf(value)] as const)
  return new Map(leaves.map(([key, value]) => [key, typeof value === 'number' ? value : String(value)]))
}

function statusOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw usage(`--status '${text}' is not an exit status (0 to 255)`)
  return Number(text)
}

function usage(message: string): ProvError {
  return new ProvError('usage', message, { hint: "git prov run -m 'what it is for' -- python train.py" })
}
