import { type GitResult, type Place, StartedGit, tryGit } from './run.ts'

const args = ['var', 'GIT_COMMITTER_IDENT']

/** The committer, now: `Name <mail> <seconds> <zone>` (git-var(1)). A machine without an identity commits as git-prov. */
export function readIdent(place: Place): string {
  return identOf(tryGit(place, args))
}

/** Asynchronous readIdent. */
export async function askIdent(place: Place): Promise<string> {
  return identOf(await new StartedGit(place, args).finish(''))
}

function identOf(result: GitResult): string {
  if (result.status === 0) return result.stdout.toString('utf8').trim()
  return `git-prov <git-prov@localhost> ${Math.floor(Date.now() / 1000)} +0000`
}

/** `Name <mail>`, if git would keep every character of the name and address (git-commit-tree(1)). */
export function plainPerson(name = '', email = ''): string | undefined {
  const plain = /^[^\p{Cc}<>\s.,:;"\\']([^\p{Cc}<>]*[^\p{Cc}<>\s.,:;"\\'])?$/u
  return plain.test(name) && plain.test(email) ? `${name} <${email}>` : undefined
}

/** Adds the current time and zone to `Name <mail>`. */
export function identNow(person: string): string {
  const now = new Date()
  const minutes = -now.getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const zone = `${minutes < 0 ? '-' : '+'}${String(hours * 100 + rest).padStart(4, '0')}`
  return `${person} ${Math.floor(now.getTime() / 1000)} ${zone}`
}

/** A person and time, as in a commit header. */
export interface Ident {
  name: string
  email: string
  /** Seconds since the epoch. */
  seconds: number
  zone: string
}

/** Parses `Name <mail> <seconds> <zone>` from a commit header or git-var(1). */
export function parseIdent(text: string): Ident {
  const match = text.match(/^(.*?) ?<([^>]*)>(?: (-?\d+) ([+-]\d{4}))?/s)
  return {
    name: match?.[1] ?? '',
    email: match?.[2] ?? '',
    seconds: Number(match?.[3] ?? 0),
    zone: match?.[4] ?? '+0000',
  }
}

/**
 * The author to record, as in a commit: `Name <mail>`; undefined on a machine without an identity. `variables`: the user's
 * environment, which may name an author for this one command.
 */
export function authorOf(place: Place, variables: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL'].flatMap((name) => {
    const value = variables[name]
    return value === undefined ? [] : [[name, value]]
  })
  const env = { ...place.env, ...Object.fromEntries(named) }
  const result = tryGit({ cwd: place.cwd, env }, ['var', 'GIT_AUTHOR_IDENT'])
  return result.status === 0 ? result.stdout.toString('utf8').match(/^(.*>) \d+ [+-]\d+\s*$/)?.[1] : undefined
}
