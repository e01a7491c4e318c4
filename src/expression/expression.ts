/** What a field of a run can be. Moments are ms since the epoch, spans seconds, sizes bytes. */
export type Value = string | number | boolean | null

/** How the values of a field compare; `any` for what a program named and filled itself. */
export type FieldKind = 'any' | 'text' | 'number' | 'moment' | 'seconds' | 'bytes' | 'digest' | 'flag'

/** A field that an expression may name: by itself (`kind`), with a name of its own after a dot (`members`), or both. */
interface Field {
  kind?: FieldKind
  members?: FieldKind
  describe: string
}

/** Every field there is. */
export type Vocabulary = Readonly<Record<string, Field>>

/** `metrics.val/loss` is {root: 'metrics', name: 'val/loss'}. */
export interface Path {
  root: string
  name?: string
}

/** What stands right of an operator, read as the field's kind asks. */
export interface Literal {
  text: string
  quoted: boolean
  /** In the field's unit. */
  number?: number
  /** A span of time: a day, a minute, a second. */
  moment?: { from: number; to: number } | { secondsAgo: number }
}

export type Operator = '=' | '<' | '<=' | '>' | '>=' | '~'

export type Expression =
  | { kind: 'and' | 'or'; parts: readonly Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'has' | 'is'; path: Path }
  | { kind: 'compare'; path: Path; as: FieldKind; operator: Operator; right: Literal | Path }

/** The value of a field, or undefined where there is none. */
export type Lookup = (path: Path) => Value | undefined

/** Every field an expression asks for, each once, in the order they stand in it. */
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

/** A field as it is typed: the name in quotes where it has characters of the language. */
export function formatPath({ root, name }: Path): string {
  if (name === undefined) return root
  return `${root}.${plain.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`}`
}
