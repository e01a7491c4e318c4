import { stringifyLine } from '../../base/json.ts'
import { isMissing, missing } from '../../base/missing.ts'
import type { ReplayedOutput } from '../../generated/types.ts'
import { ownMembers } from '../../records/own-members.ts'
import type { Capture, ProvRecord, Run } from '../../records/record.ts'
import { flatParameters } from '../../records/run.ts'
import { type Hider, standInOf } from './encrypter.ts'
import { fieldReaders, type Restriction } from './restriction.ts'

/** What nothing restricted stands in. */
const asIs = new Set<string>([...ownMembers, 'time', 'tool'])

/** Takes single members out of a record, and what they hold out of its other texts. */
export function hideFields<R extends ProvRecord>(
  original: R,
  hider: Hider,
  restriction: Restriction,
): { record: R; kept: Set<string> } {
  const record = structuredClone(original) as R & Partial<Run> & Partial<Pick<Capture, 'datasets' | 'changed'>>
  const kept = new Set<string>()
  const hide = (name: string, value: unknown) => {
    const to = fieldReaders(restriction, name)
    return to && value !== null && value !== undefined
      ? hider.hide(name, typeof value === 'string' ? value : stringifyLine(value), to)
      : undefined
  }
  const command = hideCommand(record, hide)
  // First what counts, so that it has the name.
  if (record.kind === 'run') for (const [name, value] of flatParameters(record as Run)) hide(`params.${name}`, value)
  for (const found of Object.values(record.parameters ?? {}))
    if (!isMissing(found)) hideMembers(found.values, 'params', hide)
  hideMembers(record.seeds, 'params', hide)
  hideMembers(record.tags, 'tags', hide)
  if (record.command) hideArguments(record.command, hide)
  for (const name of ['intent', 'hypothesis', 'text', 'lesson', 'failure'] as const) {
    const member = record as Partial<Record<typeof name, string>>
    const text = hide(name, member[name])
    if (text) member[name] = text
  }
  hideData(record, restriction, hide, kept)
  for (const expectation of record.expectations ?? [])
    if (expectation.reason !== undefined && namesRestricted(expectation.expression, restriction))
      expectation.reason = 'restricted'
  const clean = Object.entries(record).map(([name, value]) => [name, asIs.has(name) ? value : cleaned(value, hider)])
  return { record: { ...Object.fromEntries(clean), ...(command && { command: [command] }) } as R, kept }
}

type Hide = (name: string, value: unknown) => string | undefined

function hideMembers(values: Record<string, unknown> | undefined, root: string, hide: Hide): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    const text = hide(`${root}.${name}`, value)
    if (text !== undefined && values) values[name] = text
  }
}

/** The whole command, and the parameters that it tells. */
function hideCommand(record: Partial<Run>, hide: Hide): string | undefined {
  const { command, parameters = {}, seeds = {} } = record
  if (!command || standInOf(command[0])) return undefined
  const text = hide('command', command)
  const told = parameters.command
  if (text === undefined || !told || isMissing(told)) return text
  for (const name of Object.keys(told.values)) delete seeds[name]
  parameters.command = missing('restricted')
  return text
}

/** `--name value`, `--name=value` and `name=value`, as they become parameters (command-parameters.ts). */
function hideArguments(words: string[], hide: Hide): void {
  for (let at = 1; at < words.length; at++) {
    const [, head = '', name, value] = words[at]?.match(/^((?:--?|\+{0,2})([A-Za-z_][\w.-]*)(?:=|$))(.*)$/s) ?? []
    if (name === undefined) continue
    const param = `params.${name.replaceAll('-', '_')}`
    const next = words[at + 1]
    if (head.endsWith('=')) words[at] = `${head}${hide(param, value) ?? value}`
    else if (head.startsWith('-') && next !== undefined && !/^-[^\d.]/.test(next))
      words[at + 1] = hide(param, next) ?? next
  }
}

/** A dataset's entry, or that of a file in it: nothing of it stays but what it is the dataset of. */
function hideData(
  record: Partial<Omit<Run, 'kind'>> & { kind: string } & Partial<Pick<Capture, 'datasets' | 'changed'>>,
  { datasets, ...restriction }: Restriction,
  hide: Hide,
  kept: Set<string>,
): void {
  const named = [...datasets].filter(([name]) => fieldReaders({ ...restriction, datasets }, `data.${name}`))
  const reason = 'restricted'
  for (const [name, dataset] of Object.entries(record.datasets ?? {})) {
    const path = standInOf(dataset.path) ? undefined : hide(`data.${name}`, dataset)
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
      const path = name === undefined || standInOf(file.path) ? undefined : hide(`data.${name}`, file)
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

/** Texts of any depth without what was hidden. */
function cleaned(value: unknown, hider: Hider): unknown {
  if (typeof value === 'string') return hider.clean(value)
  if (Array.isArray(value)) return value.map((member) => cleaned(member, hider))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [hider.clean(name), cleaned(member, hider)]))
}

function namesRestricted(expression: string, restriction: Restriction): boolean {
  const names = expression.match(/\b(?:params|seeds|tags|data)\.[^\s()<>=!,]+|\b(?:command|intent|hypothesis)\b/g) ?? []
  return names.some((name) => fieldReaders(restriction, name.replace(/^seeds\./, 'params.')))
}
