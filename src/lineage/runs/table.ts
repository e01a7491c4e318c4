import { type FieldKind, formatPath, type Path, type Value } from '../../expression/expression.ts'
import { runVocabulary } from '../../expression/run-vocabulary.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { guessDirection } from '../../records/metrics/direction.ts'

/** One field of the runs in a table, with its value in each. */
export interface TableField {
  path: Path
  kind: FieldKind
  values: (Value | undefined)[]
  /** For a metric with a known direction: indexes of the best values. */
  best: number[]
}

/** Runs side by side: what differs, and what is the same in all. */
export interface RunTable {
  ids: string[]
  fields: TableField[]
  same: TableField[]
  /** Indexes of the runs that others in the table are compared with. */
  baselines: number[]
}

export interface TableWish {
  /** Exactly these columns. */
  columns?: readonly Path[]
  /** These before others: the fields sorted and filtered by. */
  first?: readonly Path[]
  /** These too, if they differ. */
  also?: readonly Path[]
  /** Fold nothing, leave nothing out. */
  all?: boolean
}

/** How many parameters and metrics come before less important fields. */
const most = 4

/** The table of some rows of an index, with the most important fields first. */
export function buildRunTable(index: RunIndex, rows: readonly number[], options: TableWish = {}): RunTable {
  const ids = index.valuesOf({ root: 'id' }, rows).map(String)
  const named = new Set(index.valuesOf({ root: 'baseline' }, rows))
  const baselines = [...ids.keys()].filter((place) => named.has(ids[place]) && ids.length > 1)
  const field = (path: Path) => readField(index, rows, path)
  if (options.columns) return { ids, fields: options.columns.map(field), same: [], baselines }
  const found = [...candidates(index, rows), ...(options.also ?? [])]
    .map(field)
    .filter(({ values }) => values.some((value) => value !== undefined))
  const folds = (one: TableField) => !options.all && rows.length > 1 && isSame(one)
  const [same, differing] = [found.filter(folds), found.filter((one) => !folds(one))]
  return {
    ids,
    fields: weigh(differing, options.first ?? []),
    same: bySameOrder(same.filter((one) => !isDull(one))),
    baselines,
  }
}

function readField(index: RunIndex, rows: readonly number[], path: Path): TableField {
  const values = index.valuesOf(path, rows)
  return { path, kind: kindOf(path), values, best: bestOf(path, values, index) }
}

export function kindOf({ root, name }: Path): FieldKind {
  const field: { kind?: FieldKind; members?: FieldKind } | undefined = Object.hasOwn(runVocabulary, root)
    ? runVocabulary[root as keyof typeof runVocabulary]
    : undefined
  return (name === undefined ? field?.kind : field?.members) ?? 'any'
}

/** Every field of these runs that is worth a column. Outputs are not: they always differ. */
function candidates(index: RunIndex, rows: readonly number[]): Path[] {
  const groups = new Set(['metrics', 'params', 'seeds', 'tags'])
  const single = ['name', 'stage', 'status', 'env', 'duration', 'expectation', 'verdict', 'branch', 'author']
  const inputs = new Set(index.files.ofRows(rows).flatMap(({ role, name }) => (role === 'input' ? [name] : [])))
  return [
    ...single.map((root) => ({ root })),
    ...index.source.paths.filter(({ root }) => groups.has(root)),
    ...[...inputs].map((name) => ({ root: 'data', name })),
  ]
}

const isSame = ({ values }: TableField) => values.every((value) => Object.is(value, values[0]))

/** Not worth mentioning when it is the same in all. */
const isDull = ({ path, values }: TableField) =>
  ['duration', 'branch', 'author', 'started'].includes(path.root) || (path.root === 'status' && values[0] === 'ok')

const sameOrder = ['data', 'env', 'params', 'seeds', 'stage', 'name', 'status', 'tags', 'metrics']

function bySameOrder(fields: readonly TableField[]): TableField[] {
  const place = ({ path }: TableField) =>
    sameOrder.includes(path.root) ? sameOrder.indexOf(path.root) : sameOrder.length
  return [...fields].sort((a, b) => place(a) - place(b))
}

const order = [
  'name',
  'stage',
  'status',
  'params',
  'data',
  'env',
  'seeds',
  'metrics',
  'duration',
  'expectation',
  'verdict',
]

function weigh(fields: readonly TableField[], first: readonly Path[]): TableField[] {
  const requested = new Set(first.map(formatPath))
  const counts = new Map<string, number>()
  const weights = new Map<TableField, number>()
  for (const one of [...fields].sort((a, b) => Number(isRequested(b)) - Number(isRequested(a)))) {
    const { root } = one.path
    const count = counts.get(root) ?? 0
    counts.set(root, count + 1)
    const place = order.indexOf(root)
    weights.set(one, place < 0 || (count >= most && !isRequested(one)) ? order.length : place)
  }
  function isRequested({ path }: TableField): boolean {
    return requested.has(formatPath(path))
  }
  // Within a group, requested fields come first; the rest keep their order.
  return [...fields].sort(
    (a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0) || Number(isRequested(b)) - Number(isRequested(a)),
  )
}

function bestOf({ root, name }: Path, values: readonly (Value | undefined)[], index: RunIndex): number[] {
  if (root !== 'metrics' || name === undefined) return []
  const direction = directionOf(index, name)
  const numbers = values.filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
  if (!direction || numbers.length < 2) return []
  const best = direction === 'maximize' ? Math.max(...numbers) : Math.min(...numbers)
  return numbers.every((value) => value === best) ? [] : [...values.keys()].filter((place) => values[place] === best)
}

/** Whether a metric is better higher or lower: as the runs say, else guessed from its name. */
function directionOf(index: RunIndex, name: string): 'maximize' | 'minimize' | undefined {
  const { directions } = index.source
  return Object.hasOwn(directions, name) ? directions[name] : guessDirection(name)
}
