import { patternWindow } from '../base/safe-pattern.ts'
import type { RedactRule } from './redact-rules.ts'
import { entropyOf, isSecretValue, judgeName, looksRandom } from './secret-names.ts'

/** Names that must not appear in a record. */
export interface PrivateWords {
  /** Account names. */
  users?: readonly string[]
  /** Host names. */
  hosts?: readonly string[]
  /** Absolute home folders. */
  homes?: readonly string[]
  /** Secrets given explicitly, to be found anywhere. */
  secrets?: readonly string[]
  /** Anything else a policy names: customers, patients, projects. */
  words?: readonly string[]
}

/** home: anyone's home folder. own-home: that of the current user, replaced by the same word for everybody. */
export type SpanKind = 'secret' | 'user' | 'host' | 'home' | 'own-home' | 'email' | 'private'

/** A part of a text that must not be written. */
export interface Span {
  start: number
  end: number
  rule: string
  kind: SpanKind
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

// A name and the separator before its value; the value is examined only when the name suggests a secret.
const assignment = /([A-Za-z_][\w.-]{0,63})\\{0,3}["']?[ \t]{0,3}(?:=>|:=|[=:])\s{0,3}\\{0,3}/g
const option = /(?<![\w-])--?([A-Za-z][\w.-]{0,63})\s{1,3}(?!-)/g
const quoted = /"((?:[^"\\\n]|\\[^\n"]){0,4096})\\{0,3}"|'([^'\n]{0,4096})'/dy
const shell = /(?:(?![,;]\s?[\w."'-]{1,64}[=:])[^\s"'&\\]){1,4096}/y
const query = /[?&;]([\w.-]{1,64})=([^&#;\s"'<>]{1,4096})/dg
const userInfo = /\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/([^\s/:@"'<>]{0,256})(?::([^\s/@"']{1,1024}))?@/dg
const word = /[A-Za-z0-9+/_=]{32,128}/g
/** Template placeholders, filled in later by a program. */
const isTemplate = /^[{$%<]/
const noUser = /^(git|hg|svn|anonymous|)$/
const schemes = /(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate) {1,3}/iy
const codeLike =
  /^[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+[()[\]]*$|^[A-Za-z_][\w.]*[([]|^(?:self|args|config|cfg|opts|this)\b/

function* matches(rule: RedactRule, compiled: RegExp, text: string): Generator<Span> {
  for (const match of text.matchAll(compiled)) {
    const [start, end] = match.indices?.[rule.group ?? 0] ?? [0, 0]
    if (rule.entropy === undefined || entropyOf(text.slice(start, end)) >= rule.entropy)
      yield { start, end, rule: rule.id, kind: 'secret' }
  }
}

/** A rule without a hint comes from a policy: it is applied window by window to bound its time (safe-pattern.ts). */
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
      if (strength && isSecretValue(strength, name, value)) yield { start, end, rule: 'secret-name', kind: 'secret' }
    }
  },
  function* (text) {
    if (!text.includes('@')) return
    for (const { indices, 1: user = '' } of text.matchAll(userInfo)) {
      const [name, password] = [indices?.[1], indices?.[2]]
      if (isTemplate.test(user) || isTemplate.test(text.slice(...(password ?? [0, 0])))) continue
      if (password) yield { start: password[0], end: password[1], rule: 'url-password', kind: 'secret' }
      if (name && !noUser.test(user)) {
        const isToken = !password && user.length >= 20
        yield { start: name[0], end: name[1], rule: 'url-user', kind: isToken ? 'secret' : 'user' }
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
        yield { start: index, end: index + found.length, rule: 'random-text', kind: 'secret' }
    }
  },
  function* (text) {
    for (const { index, 0: match, 1: local = '' } of text.matchAll(email)) {
      if (
        !/^(git|hg|svn|noreply|no-reply)$/i.test(local) &&
        !/:\/\/[^\s/@"'<>]{0,1300}$/.test(text.slice(Math.max(0, index - 1300), index))
      )
        yield { start: index, end: index + match.length, rule: 'email', kind: 'email' }
    }
  },
  function* (text) {
    for (const { indices } of text.matchAll(home)) {
      const [start, end] = indices?.[0] ?? [0, 0]
      yield { start, end, rule: 'home-path', kind: 'home' }
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
      yield { start: range[0], end: range[1], rule: 'secret-name', kind: 'secret' }
  }
}

/** The value starting at an index, without its quotes or the rest of a list; undefined when it is code. */
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

/** Account names that identify nobody. */
const generic =
  /^(root|user|users|ubuntu|debian|centos|ec2-user|runner|docker|admin|administrator|jovyan|vscode|codespace|node|app|nobody|test|guest|default|local|localhost|home|data|model|train|www-data|git|build|builder|ci|dev|prod|sandbox|container|worker|master|main|base|conda|python|jenkins|gitlab-runner|localdomain)$/i

export function scanWords({ users = [], hosts = [], homes = [], words = [], secrets = [] }: PrivateWords): Scan[] {
  const named = (kind: SpanKind, list: readonly string[]) =>
    list
      .filter((name) => name.length >= 2 && !generic.test(name) && !/^[\d.:]+$/.test(name))
      .map(
        (name): Scan =>
          (text) =>
            wholeWords(text, name, kind),
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
    yield { start: at, end: at + secret.length, rule: 'named', kind: 'secret' }
}

function* ownHome(text: string, path: string): Generator<Span> {
  for (const span of wholeWords(text, path, 'own-home'))
    if (!/[\w.-]/.test(text[span.start - 1] ?? ' ') && !/[\w-]/.test(text[span.end] ?? ' ')) yield span
}

/** Whole words only: short names are parts of many words. */
function* wholeWords(text: string, name: string, kind: SpanKind): Generator<Span> {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + name.length] ?? ' ']
    if (around.every((character) => !/[A-Za-z0-9]/.test(character)))
      yield { start: at, end: at + name.length, rule: `${kind}-name`, kind }
  }
}
