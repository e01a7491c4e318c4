import type { Experiment, MlflowRun } from './entities.ts'
import { MlflowError } from './error.ts'
import { type Fields, optionalText, textsOf } from './fields.ts'
import type { MlflowStore } from './store.ts'

type Value = string | number | undefined
type Lookup<T> = (item: T, group: string, key: string) => Value

interface Term {
  group: string
  key: string
  operator: string
  values: string[]
}

const term =
  /\s*(?:(\w+)\.)?(`[^`]*`|"[^"]*"|[\w.\-/@ ]*?[\w\-/@])\s*(!=|>=|<=|=|>|<|\s(?:not\s+i?like|i?like|not\s+in|in|is\s+not\s+null|is\s+null)\b)\s*('[^']*'|"[^"]*"|\([^()]*\)|[-+]?[\d.]+(?:e[-+]?\d+)?)?\s*(?:and\b|$)/giy
const order = /^\s*(?:(\w+)\.)?(`[^`]*`|"[^"]*"|[\w.\-/@ ]*?[\w\-/@])\s*(asc|desc)?\s*$/i

/**
 * The runs that match `filter` (MLflow's search syntax: terms joined by AND), sorted by `order_by`, or newest first.
 */
export function selectRuns(runs: readonly MlflowRun[], fields: Fields, store: MlflowStore): MlflowRun[] {
  const lookup: Lookup<MlflowRun> = (run, group, key) => {
    const data = store.dataOf(run.id)
    if (/^metrics?$/.test(group)) return data.metrics.get(key)?.value
    if (/^param(eter)?s?$/.test(group)) return data.params.get(key)
    if (/^tags?$/.test(group)) return data.tags.get(key)
    if (!/^(attr(ibute)?s?|run)?$/.test(group)) throw invalid(`no search by '${group}'`)
    const known: Record<string, Value> = {
      run_id: run.id,
      run_name: run.name,
      status: run.status,
      start_time: run.start,
      end_time: run.end,
      experiment_id: run.experiment,
    }
    return Object.hasOwn(known, key.toLowerCase()) ? known[key.toLowerCase()] : data.tags.get(`mlflow.${key}`)
  }
  return sortBy(textsOf(fields, 'order_by'), select([...runs].reverse(), fields, lookup), lookup)
}

export function selectExperiments(experiments: readonly Experiment[], fields: Fields): Experiment[] {
  const lookup: Lookup<Experiment> = (experiment, group, key) => {
    if (/^tags?$/.test(group)) return Object.hasOwn(experiment.tags, key) ? experiment.tags[key] : undefined
    return key === 'name' ? experiment.name : key === 'creation_time' ? experiment.created : undefined
  }
  return select(experiments, fields, lookup)
}

/** Registered models and their versions, by name (and run). */
export function selectByName<T extends { name: string; run?: string; tags: Record<string, string> }>(
  items: readonly T[],
  fields: Fields,
): T[] {
  return select(items, fields, (item, group, key) => {
    if (/^tags?$/.test(group)) return Object.hasOwn(item.tags, key) ? item.tags[key] : undefined
    return key === 'name' ? item.name : key === 'run_id' ? item.run : undefined
  })
}

function select<T>(items: readonly T[], fields: Fields, lookup: Lookup<T>): T[] {
  const terms = parseTerms(optionalText(fields, 'filter') ?? '')
  return items.filter((item) => terms.every((term) => holds(term, lookup(item, term.group, term.key))))
}

function parseTerms(filter: string): Term[] {
  const terms: Term[] = []
  term.lastIndex = 0
  while (term.lastIndex < filter.trimEnd().length) {
    const match = filter.length > 10_000 ? null : term.exec(filter)
    if (!match) throw invalid(`Invalid filter string: ${filter.slice(0, 200)}`)
    const [, group = '', key = '', operator = '', value = ''] = match
    const words = value.startsWith('(')
      ? (value.match(/'[^']*'|"[^"]*"|[^\s,()]+/g) ?? [])
      : value === ''
        ? []
        : [value]
    terms.push({
      group: group.toLowerCase(),
      key: unquote(key),
      operator: operator.trim().toLowerCase().replace(/\s+/g, ' '),
      values: words.map(unquote),
    })
  }
  return terms
}

function holds({ operator, values }: Term, value: Value): boolean {
  if (operator === 'is null') return value === undefined
  if (operator === 'is not null') return value !== undefined
  const [wanted] = values
  if (wanted === undefined) throw invalid(`'${operator}' has no value`)
  if (value === undefined) return false
  const compared = typeof value === 'number' ? value - Number(wanted) : value < wanted ? -1 : value > wanted ? 1 : 0
  const answers: Record<string, () => boolean> = {
    '=': () => compared === 0,
    '!=': () => compared !== 0,
    '>': () => compared > 0,
    '>=': () => compared >= 0,
    '<': () => compared < 0,
    '<=': () => compared <= 0,
    in: () => values.includes(String(value)),
    'not in': () => !values.includes(String(value)),
    like: () => isLike(String(value), wanted),
    ilike: () => isLike(String(value).toLowerCase(), wanted.toLowerCase()),
    'not like': () => !isLike(String(value), wanted),
    'not ilike': () => !isLike(String(value).toLowerCase(), wanted.toLowerCase()),
  }
  return answers[operator]?.() ?? false
}

/** SQL's LIKE: % is any text, _ any character. Matched piece by piece, so that no pattern takes long. */
function isLike(text: string, pattern: string): boolean {
  const pieces = pattern.split('%').map((piece) => [...piece])
  const characters = [...text]
  const fits = (piece: string[], at: number) =>
    at + piece.length <= characters.length && piece.every((c, i) => c === '_' || c === characters[at + i])
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    if (index === 0) {
      if (!fits(piece, 0)) return false
    } else if (index === pieces.length - 1)
      return characters.length - piece.length >= at && fits(piece, characters.length - piece.length)
    else while (!fits(piece, at)) if (at++ >= characters.length) return false
    at += piece.length
  }
  return at === characters.length
}

function sortBy<T>(clauses: readonly string[], items: readonly T[], lookup: Lookup<T>): T[] {
  const keys = clauses.map((clause) => {
    const match = order.exec(clause.slice(0, 1000))
    if (!match) throw invalid(`Invalid order_by clause: ${clause.slice(0, 200)}`)
    return {
      group: (match[1] ?? '').toLowerCase(),
      key: unquote(match[2] as string),
      sign: /desc/i.test(match[3] ?? '') ? -1 : 1,
    }
  })
  return [...items].sort((a, b) => {
    for (const { group, key, sign } of keys) {
      const [x, y] = [lookup(a, group, key), lookup(b, group, key)]
      // Entities without the value come last, either way.
      if (x === undefined || y === undefined) {
        if (x !== y) return x === undefined ? 1 : -1
      } else if (x !== y) return x < y ? -sign : sign
    }
    return 0
  })
}

const unquote = (text: string) => (/^['"`]/.test(text) ? text.slice(1, -1) : text)
const invalid = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message)
