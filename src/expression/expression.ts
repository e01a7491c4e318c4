/** The value of a field of a run. Moments are in ms since the epoch, durations in seconds, sizes in bytes. */
export type Value = string | number | boolean | null

/** How values of a field compare; `any` for fields that a program named and filled itself. */
export type FieldKind = 'any' | 'text' | 'number' | 'moment' | 'seconds' | 'bytes' | 'digest' | 'flag'

/** A field that an expression may use: on its own (`kind`), followed by a dot and a name (`members`), or both. */
interface Field {
  kind?: FieldKind
  members?: FieldKind
  describe: string
}

/** All known fields. */
export type Vocabulary = Readonly<Record<string, Field>>

/** `metrics.val/loss` is {root: 'metrics', name: 'val/loss'}. */
export interface Path {
  root: string
  name?: string
}

/** The right side of an operator, parsed according to the field's kind. */
export interface Literal {
  text: string
  quoted: boolean
  /** In the field's unit. */
  number?: number
  /** A time span: a day, a minute, a second. */
  moment?: { from: number; to: number } | { secondsAgo: number }
}

export type Operator = '=' | '<' | '<=' | '>' | '>=' | '~'

export type Expression =
  | { kind: 'and' | 'or'; parts: readonly Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'has' | 'is'; path: Path }
  | { kind: 'compare'; path: Path; as: FieldKind; operator: Operator; right: Literal | Path }

/** Looks up the value of a field; undefined when it has none. */
export type Lookup = (path: Path) => Value | undefined

/** The distinct fields an expression uses, in order of appearance. */
export function pathsOf(expression: Expression): Path[] {
  const found = new Map(gather(expression).map((path) => [formatPath(path), path]))
  return [...found.values()]
}

function gather(expression: Expression): Path[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.parts.flatMap(gather)
    case 'not':
      return gather(expression.part)
    case 'compare':
      return 'root' in expression.right ? [expression.path, expression.right] : [expression.path]
    default:
      return [expression.path]
  }
}

const plain = /^[^\s()"',=!<>~\\]+$/

/** A field as it is typed, with its name quoted when it contains characters of the syntax. */
export function formatPath({ root, name }: Path): string {
  if (name === undefined) return root
  return `${root}.${plain.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`}`
}
