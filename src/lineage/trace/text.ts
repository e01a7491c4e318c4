import { short } from '../../base/digest.ts'
import { formatAgo } from '../../base/duration.ts'
import { escapeLine } from '../../base/escape.ts'
import { type RunIndex, textAt } from '../../ledger/index/runs/index.ts'
import { placeholderOf } from '../../privacy/restrict/encrypter.ts'
import type { Paint } from '../../render/colour.ts'
import type { FileNode, RunNode, Traced } from './walk.ts'

export interface TraceView {
  index: RunIndex
  shortIds: ReadonlyMap<string, string>
  /** Current content of a path: its digest, or `gone`; absent when not known. */
  now: ReadonlyMap<string, string>
  unicode: boolean
}

/** The start, then the trees up and down. */
export function renderTrace({ start, up, down }: Traced, view: TraceView, now: Date, paint: Paint): string[] {
  const drawn = new TracePainter(view, now, paint)
  const section = (label: string, none: string, node: FileNode | RunNode | undefined) => {
    if (!node) return []
    const lines = 'row' in node ? drawn.files(node) : drawn.runs(node)
    return lines.length > 0 ? [paint.label(label), ...lines] : [none]
  }
  const notice = start.notice ? [escapeLine(start.notice)] : []
  if (start.file)
    return [
      ...notice,
      drawn.file(start.file),
      ...section('made by', 'no run made it', up),
      ...section('used by', 'no run used it', down),
    ]
  return [
    drawn.run(start.row ?? 0),
    ...section('used', 'it used nothing', up),
    ...section('made', 'it made nothing', down),
  ]
}

/** Draws runs and files as a tree. */
class TracePainter {
  readonly #view: TraceView
  readonly #paint: Paint
  readonly #now: Date

  constructor(view: TraceView, now: Date, paint: Paint) {
    this.#view = view
    this.#paint = paint
    this.#now = now
  }

  /** `train 7c1f9e  ok  2 h ago`. */
  run(row: number): string {
    const { index, shortIds } = this.#view
    const text = (root: string) => textAt(index, { root }, row)
    const id = text('id') ?? ''
    const started = index.column({ root: 'started' })?.at(row)
    const title = [text('stage'), text('name')].filter(Boolean).join(' ') || 'run'
    const status = text('status') ?? ''
    const parts = [
      `${escapeLine(title)} ${this.#paint.commit(shortIds.get(id) ?? short(id))}`,
      status === 'ok' ? status : this.#paint.bad(escapeLine(status)),
      typeof started === 'number' ? formatAgo(new Date(started), this.#now) : '',
    ]
    return parts.filter(Boolean).join('  ')
  }

  /** `data/train 77be02  now 02feaa`. */
  file({ path, digest }: Pick<FileNode, 'path' | 'digest'>): string {
    if (placeholderOf(path)) return escapeLine(path)
    const now = this.#view.now.get(path)
    const differs = now !== undefined && digest !== undefined && now !== digest
    const mark = now === 'gone' ? 'not here now' : differs ? `stale: now ${short(now)}` : ''
    const words = [escapeLine(path), digest ? this.#paint.dim(short(digest)) : 'digest not known']
    return `${words.join(' ')}${mark ? `  ${this.#paint.bad(mark)}` : ''}`
  }

  /** The runs of a file and everything behind them, each line after `indent`. */
  runs({ runs, more }: FileNode, indent = ''): string[] {
    const rest = more > 0 ? [`and ${more} more run${more === 1 ? '' : 's'}`] : []
    return this.#branches(indent, runs, rest, (node, below) => [
      `${this.run(node.row)}${node.cut === 'above' ? '  (above)' : ''}`,
      ...this.files(node, below),
    ])
  }

  /** The files of a run and everything behind them. */
  files({ files, cut }: RunNode, indent = ''): string[] {
    const rest = cut === 'size' ? ['and more (--json, --depth)'] : []
    return this.#branches(indent, files, rest, (node, below) => [this.file(node), ...this.runs(node, below)])
  }

  #branches<N>(
    indent: string,
    nodes: readonly N[],
    rest: readonly string[],
    draw: (node: N, below: string) => string[],
  ): string[] {
    const [fork, end, line] = this.#view.unicode ? ['├─ ', '└─ ', '│  '] : ['|- ', '`- ', '|  ']
    const lines = nodes.flatMap((node, place) => {
      const last = place === nodes.length - 1 && rest.length === 0
      const [head = '', ...below] = draw(node, `${indent}${last ? '   ' : line}`)
      return [`${indent}${last ? end : fork}${head}`, ...below]
    })
    return [...lines, ...rest.map((text) => `${indent}${end}${text}`)]
  }
}
