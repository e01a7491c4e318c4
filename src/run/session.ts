import { relative, resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { type LocalDir, localDir } from '../ledger/local/local-dir.ts'
import { readSettings, type Settings } from '../ledger/local/settings.ts'
import { requireBranchIn } from '../ledger/read/read.ts'
import type { Found, Redactor } from '../privacy/redact.ts'
import { collectingRedactor } from '../privacy/redact-values.ts'
import type { Restriction } from '../privacy/restrict/restriction.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { restrictionOf } from '../recording/privacy/restriction.ts'

/** What a run works with: repository, settings, redactor. */
export interface Session {
  context: Context
  repository: Repository & { workTree: string }
  objects: ObjectReader
  settings: Settings
  config: Config
  local: LocalDir
  redactor: Redactor & { found: Found[] }
  /** What prov.yaml says must be encrypted. */
  restriction: Restriction | undefined
  /** Aborted when the user does not want to wait for files to be read. */
  signal: AbortSignal
}

/** Throws `config`, `usage` in a bare repository, `not-initialised`. */
export async function openSession(context: Context): Promise<Session> {
  const repository = context.repository()
  const { workTree } = repository
  if (workTree === undefined)
    throw new ProvError('usage', 'a bare repository has no work tree to run in', { hint: 'clone it, and run there' })
  const local = localDir(repository)
  const objects = new ObjectReader({ ...repository, detached: true })
  try {
    const [config] = await Promise.all([loadConfig(repository, local.cache), requireBranchIn(repository, objects)])
    const settings = readSettings(repository)
    const { signal } = new AbortController()
    const redactor = collectingRedactor(redactorOf(context, config.policy?.privacy))
    const restriction = restrictionOf(context, config)
    return {
      context,
      repository: { ...repository, workTree },
      objects,
      settings,
      config,
      local,
      redactor,
      restriction,
      signal,
    }
  } catch (error) {
    objects.close()
    throw error
  }
}

/** ms after which the object reader is closed instead of kept for the end of the command. */
const worthKeeping = 5000

/**
 * The session for after the command. Its git is detached from the terminal, since people press Ctrl-C more than once. A
 * short command keeps the same object reader; a long one does not leave an idle git process beside it.
 */
export function laterSession(session: Session): (signal: AbortSignal) => Session {
  let open = true
  const timer = setTimeout(() => {
    open = false
    session.objects.close()
  }, worthKeeping).unref()
  return (signal) => {
    clearTimeout(timer)
    const repository = { ...session.repository, detached: true }
    return { ...session, repository, objects: open ? session.objects : new ObjectReader(repository), signal }
  }
}

/** Converts a path as typed, relative to the working folder, to one from the top of the work tree; '.' is the top. */
export function pathFromTop({ context, repository }: Session, typed: string): string {
  return relative(repository.workTree, resolve(context.cwd, typed)) || '.'
}
