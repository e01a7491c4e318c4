import type { RunFile } from '../imported-run.ts'
import { joinPath } from '../join-path.ts'

// DVC's pipeline files: dvc.lock (dvc/schema.py, LOCKFILE_SCHEMA, 1.0 and 2.0) and dvc.yaml.

/** A dependency or output of a stage in dvc.lock, its path from the top of the work tree. */
export interface LockFile {
  path: string
  md5?: string
  /** In bytes. */
  size?: number
  files?: number
  /** Another identifier of the content: an etag or checksum. */
  other?: string
}

/** A stage in dvc.lock. */
export interface LockStage {
  name: string
  /** One string each: DVC runs them in a shell, one after another. */
  commands: string[]
  deps: LockFile[]
  outs: LockFile[]
  /** File, from the top of the work tree, to values by dotted name. */
  parameters: Map<string, Map<string, Leaf>>
  /** Two entries with the same text are the same. */
  text: string
}

type Leaf = string | number | boolean | null
type Plain = Record<string, unknown>

/** The stages of a parsed dvc.lock in `folder`. `wdirOf` gives a stage's working folder, relative to that. */
export function readLock(value: unknown, folder: string, wdirOf: (stage: string) => string): LockStage[] {
  if (!isPlain(value)) return []
  const stages = 'schema' in value ? value.stages : value
  if (!isPlain(stages)) return []
  return Object.entries(stages).flatMap(([name, stage]) =>
    isPlain(stage) && stage.cmd !== undefined ? [readStage(name, stage, joinPath(folder, wdirOf(name)))] : [],
  )
}

function readStage(name: string, stage: Plain, folder: string): LockStage {
  return {
    name,
    commands: list(stage.cmd).map(String),
    deps: readFiles(stage.deps, folder),
    outs: readFiles(stage.outs, folder),
    parameters: readParameters(stage.params, folder),
    text: JSON.stringify(stage),
  }
}

function readFiles(value: unknown, folder: string): LockFile[] {
  return list(value).flatMap((file) => {
    if (!isPlain(file) || typeof file.path !== 'string') return []
    const { md5, size, nfiles } = file
    const other = [file.etag, file.checksum].find((text) => typeof text === 'string') as string | undefined
    return [
      {
        path: joinPath(folder, file.path),
        ...(typeof md5 === 'string' && /^[0-9a-f]{32}(\.dir)?$/.test(md5) && { md5 }),
        ...(isCount(size) && { size }),
        ...(isCount(nfiles) && { files: nfiles }),
        ...(other && { other }),
      },
    ]
  })
}

function readParameters(value: unknown, folder: string): LockStage['parameters'] {
  if (!isPlain(value)) return new Map()
  return new Map(
    Object.entries(value).map(([file, values]) => {
      const leaves = new Map<string, Leaf>()
      if (isPlain(values)) for (const [key, member] of Object.entries(values)) flatten(key, member, leaves)
      return [joinPath(folder, file), leaves]
    }),
  )
}

function flatten(key: string, value: unknown, into: Map<string, Leaf>, depth = 0): void {
  if (depth > 64 || into.size >= 10_000) return
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    for (const [name, member] of Object.entries(value)) flatten(`${key}.${name}`, member, into, depth + 1)
  } else into.set(key, leaf(value))
}

function leaf(value: unknown): Leaf {
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Date) return value.toISOString()
  return value === null || value === undefined ? null : String(value)
}

/** The settings of a stage that only dvc.yaml has. */
interface StageDeclaration {
  wdir: string
  frozen: boolean
  description?: string
  /** Metrics files, from the top of the work tree, with ${…} not filled in. */
  metrics: string[]
}

export interface Pipeline {
  stage(name: string): StageDeclaration
  /** Metrics files that belong to no single stage. */
  metrics: string[]
}

/** Reads a parsed dvc.yaml in `folder`; an undefined or damaged one declares nothing. */
export function readPipeline(value: unknown, folder: string): Pipeline {
  const file = isPlain(value) ? value : {}
  const stages = isPlain(file.stages) ? file.stages : {}
  return {
    // A stage of a foreach or matrix is called <stage>@<item>.
    stage: (name) => declare(stages[name] ?? stages[name.replace(/@.*/s, '')], folder),
    metrics: metricPaths(file.metrics, folder),
  }
}

function declare(value: unknown, folder: string): StageDeclaration {
  const outer = isPlain(value) ? value : {}
  const stage = isPlain(outer.do) ? outer.do : outer
  const wdir = typeof stage.wdir === 'string' ? stage.wdir : '.'
  return {
    wdir,
    frozen: stage.frozen === true,
    ...(typeof stage.desc === 'string' && stage.desc && { description: stage.desc }),
    metrics: metricPaths(stage.metrics, joinPath(folder, wdir)),
  }
}

function metricPaths(value: unknown, folder: string): string[] {
  const paths = list(value).flatMap((entry) => (isPlain(entry) ? Object.keys(entry) : [String(entry)]))
  return paths.map((path) => joinPath(folder, path))
}

/** Whether a declared path matches this one, with ${…} as a wildcard. */
export function isDeclared(declared: string, path: string): boolean {
  if (!declared.includes('${')) return declared === path
  const parts = declared.split(/\$\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.+?')}$`, 's').test(path)
}

/** The command DVC runs: a single one without shell syntax as it is, otherwise a shell with one command per line. */
export function toCommand(commands: readonly string[]): string[] {
  const [only = ''] = commands
  if (commands.length === 1 && /^[\w@%+=:,./ -]+$/.test(only) && !/^\S*=/.test(only.trim()))
    return only.trim().split(/ +/)
  return commands.length === 1 ? ['sh', '-c', only] : ['sh', '-e', '-c', commands.join('\n')]
}

/** A file of the record. `digest` only if the content itself was available and has the MD5 in the lock. */
export function toRunFile(file: LockFile, digest?: string): RunFile {
  const { path, md5, size, files, other } = file
  return {
    path,
    state: md5 || other ? 'complete' : 'missing',
    declared: 'dvc',
    ...(digest && { digest }),
    ...(size !== undefined && { bytes: size }),
    ...(files !== undefined && { files }),
    ...(md5 && { aliases: { md5 } }),
    ...(!md5 && { reason: other ? `known to DVC as ${other}` : 'dvc.lock has no digest of it' }),
  }
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
