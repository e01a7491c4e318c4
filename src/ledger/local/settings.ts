import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { replaceFile } from '../../base/files.ts'
import { plainPerson } from '../../git/ident.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { localDir } from './local-dir.ts'

/** What git's configuration says of provenance in this clone. */
export interface Settings {
  /** Full ref name of the branch; prov.branch, default `prov`. */
  branchRef: string
  /** Full ref name of the notes; prov.notes, default `prov`. */
  notesRef: string
  /** prov.quiet: no line after a commit. */
  quiet: boolean
  /** prov.remote, any number of them: the remotes that may get provenance. */
  remotes: string[]
  /** prov.sync: whether git push and git pull share provenance too (auto), or only git prov sync does (manual). */
  sync: 'auto' | 'manual'
  /** prov.syncBudget: seconds a push of code may be held up by sharing, default 2. */
  syncBudget: number
  /** prov.seal = push: a seal before what is new is sent. */
  sealAtPush: boolean
  /** Whether commits on the branch are signed: prov.sign, else commit.gpgsign, as for the user's own. */
  sign: boolean
  /** prov.redactionKeyFile: the key of pseudonyms that the team shares; this clone's own when absent. */
  redactionKeyFile?: string
  /** prov.acceptRedaction, any number: ids of redactions whose rewritten history somebody here accepted. */
  acceptedRedactions?: string[]
  /** prov.since, written by init: seconds since the epoch from when on this clone's commits are looked after. */
  since: number | undefined
  /** `Name <mail>` of the committer, where the configuration files alone say it and include no others. */
  committer?: string
  /** prov.role: the role decisions of this clone's user are written in. */
  role: string | undefined
}

/**
 * Reads the `prov.*` settings. They are kept beside the stat identity of the configuration files git reads, so that a
 * hook need not start a process for them.
 */
export function readSettings(repository: Repository): Settings {
  const stats = configurationStats(repository)
  const known = read.get(repository)
  if (known?.stats === stats) return known.settings
  const settings = readKept(repository, createHash('sha256').update(stats).digest('hex'))
  read.set(repository, { stats, settings })
  return settings
}

/** What this process has read already. */
const read = new WeakMap<Repository, { stats: string; settings: Settings }>()

function readKept(repository: Repository, key: string): Settings {
  const file = join(localDir(repository).cache, 'settings.json')
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as { key: string; settings: Settings }
    if (cached.key === key) return cached.settings
  } catch {
    // no cache, or not ours
  }
  const settings = askGit(repository)
  replaceFile(file, JSON.stringify({ key, settings }))
  return settings
}

function configurationStats({ commonDir, gitDir, env }: Repository): string {
  const home = env.HOME ?? ''
  const files = [
    join(commonDir, 'config'),
    join(gitDir, 'config.worktree'),
    env.GIT_CONFIG_GLOBAL ?? join(home, '.gitconfig'),
    join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'git/config'),
    env.GIT_CONFIG_SYSTEM ?? '/etc/gitconfig',
  ]
  return JSON.stringify(files.map((path) => [path, statKey(path)]))
}

function statKey(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}` : ''
}

// git-config(1) prints names in lower case.
const asked = '^(prov\\..*|commit\\.gpgsign|(user|committer)\\.(name|email)|include(if)?\\..*)$'

function askGit(repository: Repository): Settings {
  const result = tryGit(repository, ['config', '--null', '--get-regexp', asked])
  const values = new Map<string, string[]>()
  for (const entry of result.stdout.toString('utf8').split('\0').filter(Boolean)) {
    const at = entry.indexOf('\n')
    const key = at < 0 ? entry : entry.slice(0, at)
    values.set(key, [...(values.get(key) ?? []), at < 0 ? 'true' : entry.slice(at + 1)])
  }
  const last = (key: string) => values.get(key)?.at(-1)
  const included = [...values.keys()].some((key) => /^include(if)?\./.test(key))
  const person = (part: string) => last(`committer.${part}`) ?? last(`user.${part}`)
  const committer = included ? undefined : plainPerson(person('name'), person('email'))
  return {
    branchRef: `refs/heads/${refName(last('prov.branch') ?? 'prov', 'prov.branch')}`,
    notesRef: `refs/notes/${refName(last('prov.notes') ?? 'prov', 'prov.notes')}`,
    quiet: isTrue(last('prov.quiet')),
    remotes: values.get('prov.remote') ?? [],
    sync: last('prov.sync') === 'manual' ? 'manual' : 'auto',
    syncBudget: budgetOf(last('prov.syncbudget')),
    sealAtPush: last('prov.seal') === 'push',
    sign: isTrue(last('prov.sign') ?? last('commit.gpgsign')),
    ...(last('prov.redactionkeyfile') && { redactionKeyFile: last('prov.redactionkeyfile') as string }),
    ...(committer !== undefined && { committer }),
    role: last('prov.role'),
    acceptedRedactions: values.get('prov.acceptredaction') ?? [],
    since: /^\d+$/.test(last('prov.since') ?? '') ? Number(last('prov.since')) : undefined,
  }
}

const isTrue = (value: string | undefined) => /^(true|yes|on|1)$/i.test(value ?? '')

const budgetOf = (text: string | undefined) => (/^\d{1,3}(\.\d+)?$/.test(text ?? '') ? Number(text) : 2)

/** git-check-ref-format(1), in the narrow form we write. */
function refName(name: string, key: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*(\/[A-Za-z0-9][A-Za-z0-9_-]*)*$/.test(name)) return name
  throw new ProvError('config', `git config ${key} is '${name}', not a name a branch can have`, {
    hint: `git config ${key} prov`,
  })
}
