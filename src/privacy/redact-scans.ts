import { patternWindow } from '../base/safe-pattern.ts'
import type { RedactRule } from './redact-rules.ts'
import { entropyOf, isSecretValue, judgeName, looksRandom } from './secret-names.ts'

/** Names that must not be read in a record. */
export interface PrivateWords {
  /** Account names. */
  users?: readonly string[]
  /** Names of machines. */
  hosts?: readonly string[]
  /** Absolute home folders. */
  homes?: readonly string[]
  /** Secrets that somebody named, wherever they stand. */
  secrets?: readonly string[]
  /** Whatever else a policy names: customers, patients, projects. */
  words?: readonly string[]
}

/** home: somebody's folder. own-home: that of whoever runs this, the same word for everybody. */
export type Sort = 'secret' | 'user' | 'host' | 'home' | 'own-home' | 'email' | 'private'

/** A part of a text that must not be written. */
export interface Span {
  start: number
  end: number
  rule: string
  sort: Sort
}

/** Finds such parts. */
export type Scan = (text: string) => Iterable<Span>

export function scanRule(rule: RedactRule): Scan {
  let compiled: RegExp | undefined
  return function* (text) {
    if (!rule.hint) return yield* inWindows(rule, text)
    if (!text.includes(rule.hint)) return
    compiled ??= new RegExp(rule.pattern, `${(rule.flags ?? '').replace(/[gdy]/g, '')}dg`)
    yield* matches(rule, compiled, text)
  }
}

// A name and what joins it to its value; the value is only looked at when the name says that it may be secret.
const assignment = /([A-Za-z_][\w.-]{0,63})\\{0,3}["']?[ \t]{0,3}(?:=>|:=|[=:])\s{0,3}\\{0,3}/g
const option = /(?<![\w-])--?([A-Za-z][\w.-]{0,63})\s{1,3}(?!-)/g
const quoted = /"((?:[^"\\\n]|\\[^\n"]){0,4096})\\{0,3}"|'([^'\n]{0,4096})'/dy
const shell = /(?:(?![,;]\s?[\w."'-]{1,64}[=:])[^\s"'&\\]){1,4096}/y
const query = /[?&;]([\w.-]{1,64})=([^&#;\s"'<>]{1,4096})/dg
const userInfo = /\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/([^\s/:@"'<>]{0,256})(?::([^\s/@"']{1,1024}))?@/dg
const word = /[A-Za-z0-9+/_=]{32,128}/g
/** What a program fills in later. */
const isTemplate = /^[{$%<]/
const noUser = /^(git|hg|svn|anonymous|)$/
const schemes = /(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate) {1,3}/iy
const codeLike =
  /^[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+[()[\]]*$|^[A-Za-z_][\w.]*[([]|^(?:self|args|config|cfg|opts|this)\b/

function* matches(rule: RedactRule, compiled: RegExp, text: string): Generator<Span> {
  for (const match of text.matchAll(compiled)) {
    const [start, end] = match.indices?.[rule.group ?? 0] ?? [0, 0]
    if (rule.entropy === undefined || entropyOf(text.slice(start, end)) >= rule.entropy)
      yield { start, end, rule: rule.id, sort: 'secret' }
  }
}

/** A rule without a hint is a policy's: it sees so much at once that its time is bounded (safe-pattern.ts). */
function* inWindows(rule: RedactRule, text: string): Generator<Span> {
  const compiled = new RegExp(rule.pattern, `${(rule.flags ?? '').replace(/[gdy]/g, '')}dg`)
  for (let at = 0; at < text.length; at += patternWindow / 2) {
    for (const span of matches(rule, compiled, text.slice(at, at + patternWindow)))
      yield { ...span, start: span.start + at, end: span.end + at }
    if (at + patternWindow >= text.length) return
  }
}

export const contexts: readonly Scan[] = [
  (text) => pairs(text, assignment),
  (text) => pairs(text, option),
  function* (text) {
    for (const { indices, 1: name = '', 2: value = '' } of text.matchAll(query)) {
      const strength = judgeName(name)
      const [start, end] = indices?.[2] ?? [0, 0]
      if (strength && isSecretValue(strength, name, value)) yield { start, end, rule: 'secret-name', sort: 'secret' }
    }
  },
  function* (text) {
    if (!text.includes('@')) return
    for (const { indices, 1: user = '' } of text.matchAll(userInfo)) {
      const [name, password] = [indices?.[1], indices?.[2]]
      if (isTemplate.test(user) || isTemplate.test(text.slice(...(password ?? [0, 0])))) continue
      if (password) yield { start: password[0], end: password[1], rule: 'url-password', sort: 'secret' }
      if (name && !noUser.test(user)) {
        const isToken = !password && user.length >= 20
        yield { start: name[0], end: name[1], rule: 'url-user', sort: isToken ? 'secret' : 'user' }
      }
    }
  },
  function* (text) {
    if (text.length < 32) return
    for (const { index, 0: found } of text.matchAll(word)) {
      if (
        looksRandom(found) &&
        !/(sha\d+|md5|integrity|digest|hash|etag|checksum)["':= -]{0,4}$/i.test(
          text.slice(Math.max(0, index - 16), index),
        )
      )
        yield { start: index, end: index + found.length, rule: 'random-text', sort: 'secret' }
    }
  },
  function* (text) {
    for (const { index, 0: match, 1: local = '' } of text.matchAll(email)) {
      if (
        !/^(git|hg|svn|noreply|no-reply)$/i.test(local) &&
        !/:\/\/[^\s/@"'<>]{0,1300}$/.test(text.slice(Math.max(0, index - 1300), index))
      )
        yield { start: index, end: index + match.length, rule: 'email', sort: 'email' }
    }
  },
  function* (text) {
    for (const { indices } of text.matchAll(home)) {
      const [start, end] = indices?.[0] ?? [0, 0]
      yield { start, end, rule: 'home-path', sort: 'home' }
    }
  },
]

const email = /(?<![\w.%+-])([A-Za-z0-9._%+-]{1,64})@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g
const home =
  /(?<![\w.-])(?:(?:\/mnt\/[a-z])?\/(?:home|Users)\/[^\s/\\"':,;<>]{1,64}|\/root(?=[/\s"':,;]|$)|[A-Za-z]:[\\/]{1,2}(?:Users|Documents and Settings)[\\/]{1,2}[^\s/\\"':,;<>]{1,64})/dg

function* pairs(text: string, expression: RegExp): Generator<Span> {
  for (const { index, 0: head, 1: name = '' } of text.matchAll(expression)) {
    const strength = judgeName(name)
    const range = strength && valueAt(text, index + head.length)
    if (range && isSecretValue(strength, name, text.slice(...range)))
      yield { start: range[0], end: range[1], rule: 'secret-name', sort: 'secret' }
  }
}

/** The value that begins there, without its quotes or what follows it in a list; undefined when it is code. */
function valueAt(text: string, at: number): [number, number] | undefined {
  quoted.lastIndex = at
  const inQuotes = quoted.exec(text)?.indices
  const inside = inQuotes?.[1] ?? inQuotes?.[2]
  if (inside) return withoutScheme(text, inside)
  const [start] = withoutScheme(text, [at, at])
  shell.lastIndex = start
  const value = shell.exec(text)?.[0].replace(/[,;)}\]]+$/, '') ?? ''
  return value && !codeLike.test(value) ? [start, start + value.length] : undefined
}

function withoutScheme(text: string, [start, end]: [number, number]): [number, number] {
  schemes.lastIndex = start
  return [start + (schemes.exec(text)?.[0].length ?? 0), end]
}

/** Accounts that are nobody's. */
const generic =
  /^(root|user|users|ubuntu|debian|centos|ec2-user|runner|docker|admin|administrator|jovyan|vscode|codespace|node|app|nobody|test|guest|default|local|localhost|home|data|model|train|www-data|git|build|builder|ci|dev|prod|sandbox|container|worker|master|main|base|conda|python|jenkins|gitlab-runner|localdomain)$/i

export function scanWords({ users = [], hosts = [], homes = [], words = [], secrets = [] }: PrivateWords): Scan[] {
  const named = (sort: Sort, list: readonly string[]) =>
    list
      .filter((name) => name.length >= 2 && !generic.test(name) && !/^[\d.:]+$/.test(name))
      .map(
        (name): Scan =>
          (text) =>
            wholeWords(text, name, sort),
      )
  const folders = homes.filter((path) => path === '/root' || path.split(/[\\/]/).filter(Boolean).length >= 2)
  return [
    ...secrets.map(
      (secret): Scan =>
        (text) =>
          everywhere(text, secret),
    ),
    ...folders.map(
      (path): Scan =>
        (text) =>
          ownHome(text, path.replace(/[\\/]+$/, '')),
    ),
    ...named('user', users),
    ...named(
      'host',
      hosts.flatMap((host) => [host, host.split('.')[0] as string]),
    ),
    ...named('private', words),
  ]
}

function* everywhere(text: string, secret: string): Generator<Span> {
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length))
    yield { start: at, end: at + secret.length, rule: 'named', sort: 'secret' }
}

function* ownHome(text: string, path: string): Generator<Span> {
  for (const span of wholeWords(text, path, 'own-home'))
    if (!/[\w.-]/.test(text[span.start - 1] ?? ' ') && !/[\w-]/.test(text[span.end] ?? ' ')) yield span
}

/** As a word of its own: short names are parts of many words. */
function* wholeWords(text: string, name: string, sort: Sort): Generator<Span> {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + name.length] ?? ' ']
    if (around.every((character) => !/[A-Za-z0-9]/.test(character)))
      yield { start: at, end: at + name.length, rule: `${sort}-name`, sort }
  }
}
