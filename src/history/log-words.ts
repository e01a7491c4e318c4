import { ProvError } from '../base/errors.ts'
import type { Settings } from '../ledger/local/settings.ts'

/** The arguments of `git prov log`, ours apart from git's. */
export interface LogWords {
  json: boolean
  oneline: boolean
  graph: boolean
  colour: boolean | undefined
  changed: string | undefined
  /** With --changed, how many to print: git's own limit would count the commits left out. */
  limit: number
  /** Arguments for git log. */
  rest: string[]
}

/** Takes our options out; the other arguments go to git. */
export function readWords(argv: readonly string[]): LogWords {
  const words: LogWords = {
    json: false,
    oneline: false,
    graph: false,
    colour: undefined,
    changed: undefined,
    limit: Number.POSITIVE_INFINITY,
    rest: [],
  }
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  for (let at = 0; at < end; at++) {
    const word = argv[at] as string
    const value = () => argv[++at] ?? ''
    if (word === '--json') words.json = true
    else if (word === '--oneline') words.oneline = true
    else if (word === '--color' || word === '--color=always') words.colour = true
    else if (word === '--no-color' || word === '--color=never') words.colour = false
    else if (word === '--changed') words.changed = value()
    else if (word.startsWith('--changed=')) words.changed = word.slice('--changed='.length)
    else if (/^--(format|pretty|notes|no-notes|show-notes)(=|$)/.test(word)) throw notOurs(word)
    else {
      if (word === '--graph') words.graph = true
      words.rest.push(word)
    }
  }
  words.rest.push(...argv.slice(end))
  if (words.changed === '')
    throw new ProvError('usage', '--changed needs a value', { hint: 'git prov log --changed env' })
  if (words.changed) takeLimit(words)
  return words
}

function notOurs(word: string): ProvError {
  return new ProvError('usage', `git prov log has its own format; it does not take ${word}`, {
    hint: `git log --notes=prov ${word}, or git prov log --json`,
  })
}

function takeLimit(words: LogWords): void {
  const rest: string[] = []
  for (let at = 0; at < words.rest.length; at++) {
    const word = words.rest[at] as string
    const match = word.match(/^(?:-n|--max-count=|-)(\d+)$/)
    if (match) words.limit = Number(match[1])
    else if (word === '-n' || word === '--max-count') words.limit = Number(words.rest[++at])
    else rest.push(word)
  }
  words.rest = rest
}

/** `--all` and the like mean the user's history, not the commits of our branch and notes. */
export function withoutOwnRefs(
  words: readonly string[],
  { branchRef, notesRef }: Pick<Settings, 'branchRef' | 'notesRef'>,
): string[] {
  const branch = branchRef.slice('refs/heads/'.length)
  const own: Record<string, string[]> = {
    '--all': [branchRef, notesRef, `refs/remotes/*/${branch}`, 'refs/prov/*'],
    '--branches': [branch],
    '--remotes': [`*/${branch}`],
  }
  const end = words.includes('--') ? words.indexOf('--') : words.length
  return words.flatMap((word, at) => {
    const refs = at < end && Object.hasOwn(own, word) ? (own[word] ?? []) : []
    return [...refs.map((ref) => `--exclude=${ref}`), word]
  })
}
