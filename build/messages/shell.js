import { hasWords } from './text.js'

const printing = new Set(['echo', 'printf'])

/**
 * What a shell script prints: the words of its `echo` and `printf`. Quotes are read as POSIX has them (Shell Command
 * Language, 2.2); a variable stands as `<name>`.
 * @returns {{ at: number, text: string }[]}
 */
export function shellTextsOf(script) {
  const found = []
  let command
  for (const { at, text, kind } of tokensOf(script)) {
    if (kind === 'comment') continue
    if (kind === 'end') command = undefined
    else if (command === undefined) command = text
    else if (printing.has(command)) found.push({ at, text: text.replaceAll('\\n', ' ').trim() })
  }
  return found.filter(({ text }) => hasWords(text))
}

/** Its comments, which whoever opens an installed hook reads. */
export const shellCommentsOf = (script) =>
  [...tokensOf(script)].filter(({ kind, text }) => kind === 'comment' && hasWords(text))

const token =
  /(?<space>[ \t]+|\\\n)|(?<comment>#[^\n]*)|(?<end>\n|[;&|(){}]+|(?:then|do|else|if|while)(?=\s))|(?<word>(?:\$\{[^}]*\}|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s;&|(){}'"\\])+)/gy

function* tokensOf(script) {
  for (const { index: at, groups } of script.matchAll(token)) {
    if (groups.comment) yield { at, kind: 'comment', text: groups.comment.slice(1).trim() }
    else if (groups.end) yield { at, kind: 'end', text: '' }
    else if (groups.word) yield { at, kind: 'word', text: unquoted(groups.word) }
  }
}

const unquoted = (word) =>
  word.replace(
    /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g,
    (_, single, double) => single ?? double.replace(/\$\{?(\w+)\}?/g, '<$1>'),
  )
