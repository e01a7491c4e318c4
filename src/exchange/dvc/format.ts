import type { RunFile } from '../imported-run.ts'
import { joinPath } from '../join-path.ts'

// DVC's pipeline files: dvc.lock (dvc/schema.py, LOCKFILE_SCHEMA, 1.0 and 2.0) and dvc.yaml.

/** A dependency or output of a stage as dvc.lock has it, its path from the top of the work tree. */
export interface LockFile {
  path: string
  md5?: string
  /** In bytes. */
  size?: number
  files?: number
  /** Another tool's name of the content: an etag, a checksum. */
  other?: string
}

/** What dvc.lock says of one stage. */
export interface LockStage {
  name: string
  /** One string each: DVC runs them in a shell, one after the other. */
  commands: string[]
  deps: LockFile[]
  outs: LockFile[]
  /** File, from the top of the work tree, to value by dotted name. */
  parameters: Map<string, Map<string, Leaf>>
  /** Two entries of equal text are the same. */
  text: string
}

type Leaf = string | number | boolean | null
type Plain = Record<string, unknown>

/** The stages of a parsed dvc.lock. `folder` is where it lies, `wdirOf` the folder a stage works in, from there. */
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

/** What dvc.yaml says of a stage that dvc.lock does not. */
interface StageDeclaration {
  wdir: string
  frozen: boolean
  description?: string
  /** Files of metrics, from the top of the work tree; ${…} as it stands there. */
  metrics: string[]
}

export interface Pipeline {
  stage(name: string): StageDeclaration
  /** Files of metrics declared for no one stage. */
  metrics: string[]
}

/** A parsed dvc.yaml that lies in `folder`; undefined or damaged, one that says nothing. */
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

/** Whether a declared path, in which ${…} stands for anything, is this one. */
export function isDeclared(declared: string, path: string): boolean {
  if (!declared.includes('${')) return declared === path
  const parts = declared.split(/\$\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.+?')}$`, 's').test(path)
}

/** The words DVC starts: one command without shell syntax as it is, else a shell with the commands one a line. */
export function toCommand(commands: readonly string[]): string[] {
  const [only = ''] = commands
  if (commands.length === 1 && /^[\w@%+=:,./ -]+$/.test(only) && !/^\S*=/.test(only.trim()))
    return only.trim().split(/ +/)
  return commands.length === 1 ? ['sh', '-c', only] : ['sh', '-e', '-c', commands.join('\n')]
}

/** A file of the record. `digest` only where the content itself was at hand and has the md5 the lock names. */
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
