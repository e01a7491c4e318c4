import { digestOf } from '../../base/digest.ts'
import type { FileRole, ListedFile } from '../../ledger/index/runs/files.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'

/** A content on the way, and the runs that made it (up) or used it (down). */
export interface FileNode {
  path: string
  digest: string | undefined
  runs: RunNode[]
  /** How many runs are not listed. */
  more: number
}

export interface RunNode {
  row: number
  /** What it used (up) or made (down). */
  files: FileNode[]
  /** Its files are elsewhere in the tree, or beyond the depth. */
  cut?: 'above' | 'depth' | 'size'
}

/** Where a trace starts: a run or a content. */
export interface TraceStart {
  row?: number
  file?: Pick<ListedFile, 'path' | 'digest' | 'content'>
  /** Shown before the tree: no run knows the current content. */
  notice?: string
}

export interface Traced {
  start: TraceStart
  up?: FileNode | RunNode
  down?: FileNode | RunNode
}

export interface WalkOptions {
  direction: 'up' | 'down'
  /** How many runs deep. */
  depth: number
}

/** Runs listed per content, files per run, and nodes in all. */
const mostRuns = 5
const mostFiles = 50
const mostNodes = 5000
const empty = digestOf('')

/**
 * Walks runs linked by shared digests. A run's files are followed once and marked when they come again, so that a cycle
 * ends. Empty files link nothing.
 */
export class Lineage {
  readonly #index: RunIndex
  readonly #seen = new Set<number>()
  #nodes = 0

  constructor(index: RunIndex) {
    this.#index = index
  }

  /** Walks from a content. */
  ofContent(file: Pick<ListedFile, 'path' | 'digest' | 'content'>, options: WalkOptions): FileNode {
    this.#nodes += 1
    const role: FileRole = options.direction === 'up' ? 'output' : 'input'
    const runs = file.digest === empty ? [] : this.#runsWith(file.content, role)
    const listed = options.depth > 0 ? runs.slice(0, mostRuns) : []
    return {
      path: file.path,
      digest: file.digest,
      runs: listed.map((row) => this.ofRun(row, { ...options, depth: options.depth - 1 })),
      more: runs.length - listed.length,
    }
  }

  /** Walks from a run. */
  ofRun(row: number, options: WalkOptions): RunNode {
    this.#nodes += 1
    if (this.#seen.has(row)) return { row, files: [], cut: 'above' }
    if (this.#nodes > mostNodes) return { row, files: [], cut: 'size' }
    this.#seen.add(row)
    const role: FileRole = options.direction === 'up' ? 'input' : 'output'
    const files = distinct(this.#index.files.ofRow(row).filter((file) => file.role === role))
    return {
      row,
      files: files.slice(0, mostFiles).map((file) => this.ofContent(file, options)),
      ...(files.length > mostFiles && { cut: 'size' as const }),
    }
  }

  /** Newest first. A run that used a content did not make it, although it is among the files present afterwards. */
  #runsWith(content: number, role: FileRole): number[] {
    const files = this.#index.files.ofContent(content)
    const users = new Set(files.filter((file) => file.role !== 'output').map(({ row }) => row))
    const rows = new Set(files.filter((file) => file.role === role).map(({ row }) => row))
    const kept = role === 'output' ? [...rows].filter((row) => !users.has(row)) : [...rows]
    return kept.sort((a, b) => startedOf(this.#index, b) - startedOf(this.#index, a))
  }
}

const distinct = (files: readonly ListedFile[]) => [...new Map(files.map((file) => [file.path, file])).values()]

export function startedOf(index: RunIndex, row: number): number {
  return Number(index.column({ root: 'started' })?.at(row) ?? 0)
}

/** The last known content of a path: what a run made, else what one used. */
export function lastKnown(index: RunIndex, path: string): ListedFile | undefined {
  const files = index.files.ofPath(path).filter(({ content }) => content !== 0)
  const made = files.filter(({ role }) => role === 'output')
  return [...(made.length > 0 ? made : files)].sort((a, b) => startedOf(index, b.row) - startedOf(index, a.row))[0]
}

/** Every path in a tree. */
export function pathsIn(nodes: readonly (FileNode | RunNode)[]): string[] {
  return nodes.flatMap((node) => ('row' in node ? pathsIn(node.files) : [node.path, ...pathsIn(node.runs)]))
}
