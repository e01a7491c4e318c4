import type { FieldKind, Path, Vocabulary } from './expression.ts'
import { parsePath } from './parse.ts'
import { tokenize } from './tokens.ts'

export interface SortKey {
  path: Path
  descending: boolean
}

/** Parses `-metrics.f1,started`: fields to sort by, with a minus for descending order. Throws `usage`. */
export function parseSortKeys(text: string, vocabulary: Vocabulary): SortKey[] {
  return splitList(text).map((word) => {
    const descending = word.startsWith('-')
    return { path: parsePath(descending ? word.slice(1) : word, vocabulary).path, descending }
  })
}

/** Parses `metrics.f1,params.lr`. Throws `usage`. */
export function parsePaths(text: string, vocabulary: Vocabulary): { path: Path; kind: FieldKind }[] {
  return splitList(text).map((word) => parsePath(word, vocabulary))
}

/** Splits at commas outside quotes. */
function splitList(text: string): string[] {
  const commas = tokenize(text).filter(({ type }) => type === ',')
  const bounds = [-1, ...commas.map(({ at }) => at), text.length]
  return bounds.slice(1).map((end, index) => text.slice((bounds[index] as number) + 1, end).trim())
}
