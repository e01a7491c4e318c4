import { randomBytes } from 'node:crypto'
import { type Place, streamGit } from '../run.ts'

/** A commit in the output of `git log`. */
export interface LogEntry {
  commit: string
  tree: string
  parents: string[]
  author: { name: string; email: string }
  /** Author date, RFC 3339. */
  date: string
  /** Author date in the format of the user's --date. */
  shownDate: string
  /** Ref names in git's own format and colours; empty when there are none. */
  decoration: string
  message: string
  note: string
  /** With --graph: the graph before the commit's lines, and the graph-only lines after it. */
  graph?: { first: string; rest: string[] }
  /** What git printed after the commit (--stat, -p). */
  after: string
}

export interface LogOptions {
  notesRef: string
  colour: boolean
  graph: boolean
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%ad', '%C(auto)%d%Creset', '%B', '%N']

/** Runs `git log` with the user's arguments and streams its commits. Throws `git` when git rejects the arguments. */
export async function* streamLog(
  place: Place,
  words: readonly string[],
  options: LogOptions,
): AsyncGenerator<LogEntry> {
  // Unguessable, so that no message or note can imitate the end of its field.
  const mark = randomBytes(12).toString('hex')
  const wanted = options.graph ? fields.map((field) => (field === '%B' || field === '%N' ? '' : field)) : fields
  const format = `--format=${mark}${wanted.map((field) => `${field}%x00${mark}`).join('')}`
  const args = [
    'log',
    `--notes=${options.notesRef}`,
    `--color=${options.colour ? 'always' : 'never'}`,
    format,
    ...words,
  ]
  let rest = ''
  const decoder = new TextDecoder('utf-8')
  for await (const chunk of streamGit(place, args, { hint: 'git prov help log' })) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(mark)
    const whole = Math.max(0, Math.floor((pieces.length - 2) / stride))
    yield* parsePieces(pieces, whole, options.graph)
    rest = pieces.slice(whole * stride).join(mark)
  }
  const pieces = rest.split(mark)
  yield* parsePieces(pieces, Math.floor((pieces.length - 1) / stride), options.graph)
}

// Each commit's fields, followed by what git printed after them.
const stride = fields.length + 1

/** `pieces[0]` is the text before the first commit. */
function* parsePieces(pieces: readonly string[], count: number, graph: boolean): Generator<LogEntry> {
  for (let k = 0; k < count; k++) {
    const at = 1 + k * stride
    const values = pieces.slice(at, at + fields.length).map((value) => value.slice(0, -1))
    yield toEntry(values, pieces[at - 1] ?? '', pieces[at + fields.length] ?? '', graph)
  }
}

function toEntry(values: readonly string[], before: string, after: string, graph: boolean): LogEntry {
  const [
    commit = '',
    tree = '',
    parents = '',
    name = '',
    email = '',
    date = '',
    shownDate = '',
    decoration = '',
    message = '',
    note = '',
  ] = values
  const lines = after.split('\n').slice(1, -1)
  return {
    commit,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email },
    date,
    shownDate,
    decoration,
    message: message.replace(/\n+$/, ''),
    note,
    ...(graph && { graph: { first: before.slice(before.lastIndexOf('\n') + 1), rest: lines } }),
    after: graph ? '' : after.replace(/^\n/, ''),
  }
}
