import { stringifyLine } from '../../base/json.ts'
import { isMissing, missing } from '../../base/missing.ts'
import type { ReplayedOutput } from '../../generated/types.ts'
import { ownMembers } from '../../records/own-members.ts'
import type { Capture, ProvRecord, Run } from '../../records/record.ts'
import { flatParameters } from '../../records/run.ts'
import { type Encrypter, placeholderOf } from './encrypter.ts'
import { fieldReaders, type Restriction } from './restriction.ts'

/** Members that never contain anything restricted. */
const asIs = new Set<string>([...ownMembers, 'time', 'tool'])

/** Encrypts single members of a record, and removes their values from its other texts. */
export function encryptFieldsOf<R extends ProvRecord>(
  original: R,
  encrypter: Encrypter,
  restriction: Restriction,
): { record: R; kept: Set<string> } {
  const record = structuredClone(original) as R & Partial<Run> & Partial<Pick<Capture, 'datasets' | 'changed'>>
  const kept = new Set<string>()
  const encrypt = (name: string, value: unknown) => {
    const to = fieldReaders(restriction, name)
    return to && value !== null && value !== undefined
      ? encrypter.encrypt(name, typeof value === 'string' ? value : stringifyLine(value), to)
      : undefined
  }
  const command = encryptCommand(record, encrypt)
  // The effective parameters first, so that they get the plain name.
  if (record.kind === 'run') for (const [name, value] of flatParameters(record as Run)) encrypt(`params.${name}`, value)
  for (const found of Object.values(record.parameters ?? {}))
    if (!isMissing(found)) encryptMembers(found.values, 'params', encrypt)
  encryptMembers(record.seeds, 'params', encrypt)
  encryptMembers(record.tags, 'tags', encrypt)
  if (record.command) encryptArguments(record.command, encrypt)
  for (const name of ['intent', 'hypothesis', 'text', 'lesson', 'failure'] as const) {
    const member = record as Partial<Record<typeof name, string>>
    const text = encrypt(name, member[name])
    if (text) member[name] = text
  }
  encryptData(record, restriction, encrypt, kept)
  for (const expectation of record.expectations ?? [])
    if (expectation.reason !== undefined && namesRestricted(expectation.expression, restriction))
      expectation.reason = 'restricted'
  const clean = Object.entries(record).map(([name, value]) => [
    name,
    asIs.has(name) ? value : cleaned(value, encrypter),
  ])
  return { record: { ...Object.fromEntries(clean), ...(command && { command: [command] }) } as R, kept }
}

type Encrypt = (name: string, value: unknown) => string | undefined

function encryptMembers(values: Record<string, unknown> | undefined, root: string, encrypt: Encrypt): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    const text = encrypt(`${root}.${name}`, value)
    if (text !== undefined && values) values[name] = text
  }
}

/** Encrypts the whole command, and drops the parameters read from it. */
function encryptCommand(record: Partial<Run>, encrypt: Encrypt): string | undefined {
  const { command, parameters = {}, seeds = {} } = record
  if (!command || placeholderOf(command[0])) return undefined
  const text = encrypt('command', command)
  const fromCommand = parameters.command
  if (text === undefined || !fromCommand || isMissing(fromCommand)) return text
  for (const name of Object.keys(fromCommand.values)) delete seeds[name]
  parameters.command = missing('restricted')
  return text
}

/** `--name value`, `--name=value` and `name=value`, as they become parameters (command-parameters.ts). */
function encryptArguments(words: string[], encrypt: Encrypt): void {
  for (let at = 1; at < words.length; at++) {
    const [, head = '', name, value] = words[at]?.match(/^((?:--?|\+{0,2})([A-Za-z_][\w.-]*)(?:=|$))(.*)$/s) ?? []
    if (name === undefined) continue
    const param = `params.${name.replaceAll('-', '_')}`
    const next = words[at + 1]
    if (head.endsWith('=')) words[at] = `${head}${encrypt(param, value) ?? value}`
    else if (head.startsWith('-') && next !== undefined && !/^-[^\d.]/.test(next))
      words[at + 1] = encrypt(param, next) ?? next
  }
}

/** Encrypts a dataset's entry, or that of a file in it; only the dataset's name and source, and the file's role, remain. */
function encryptData(
  record: Partial<Omit<Run, 'kind'>> & { kind: string } & Partial<Pick<Capture, 'datasets' | 'changed'>>,
  { datasets, ...restriction }: Restriction,
  encrypt: Encrypt,
  kept: Set<string>,
): void {
  const named = [...datasets].filter(([name]) => fieldReaders({ ...restriction, datasets }, `data.${name}`))
  const reason = 'restricted'
  for (const [name, dataset] of Object.entries(record.datasets ?? {})) {
    const path = placeholderOf(dataset.path) ? undefined : encrypt(`data.${name}`, dataset)
    if (path === undefined || !record.datasets) continue
    if (dataset.digest) kept.add(dataset.digest)
    const state = dataset.state === 'pending' ? 'pending' : 'missing'
    record.datasets[name] = { path, source: dataset.source, state, reason }
    if (record.changed?.datasets) delete record.changed.datasets[name]
  }
  const isIn = (path: string) => named.find(([, folder]) => path === folder || path.startsWith(`${folder}/`))?.[0]
  for (const files of [record.inputs, record.outputs])
    for (const [at, file] of files?.entries() ?? []) {
      const name = file.dataset ?? isIn(file.path)
      const path = name === undefined || placeholderOf(file.path) ? undefined : encrypt(`data.${name}`, file)
      if (path === undefined || !files) continue
      if (file.digest) kept.add(file.digest)
      if (record.kind === 'replay') files[at] = { path, same: (file as unknown as ReplayedOutput).same } as never
      else
        files[at] = {
          path,
          declared: file.declared,
          ...(name !== undefined && { dataset: name }),
          state: 'missing',
          reason,
        }
    }
  if (record.trace && !isMissing(record.trace))
    for (const paths of [record.trace.read, record.trace.written])
      paths.splice(0, paths.length, ...paths.filter((path) => !isIn(path)))
}

/** Removes encrypted values from texts at any depth. */
function cleaned(value: unknown, encrypter: Encrypter): unknown {
  if (typeof value === 'string') return encrypter.clean(value)
  if (Array.isArray(value)) return value.map((member) => cleaned(member, encrypter))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [encrypter.clean(name), cleaned(member, encrypter)]),
  )
}

function namesRestricted(expression: string, restriction: Restriction): boolean {
  const names = expression.match(/\b(?:params|seeds|tags|data)\.[^\s()<>=!,]+|\b(?:command|intent|hypothesis)\b/g) ?? []
  return names.some((name) => fieldReaders(restriction, name.replace(/^seeds\./, 'params.')))
}
