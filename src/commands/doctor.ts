import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, toFindingsView } from '../base/finding.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { hookPlace } from '../install/hook-place.ts'
import { inspectHooks, installHooks } from '../install/hooks.ts'
import { Journal } from '../install/journal.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { foldSpool } from '../ledger/append/fold.ts'
import { listLeft } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { isGone, readHolder } from '../ledger/local/lock.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { rebuildNotes } from '../ledger/notes/rebuild-notes.ts'
import { remoteBranches } from '../ledger/read/sources.ts'
import { joinRemotes } from '../ledger/share/join.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { abandonedPlaces } from '../replay/workspace.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** A finding with what mends it. */
interface Ailment extends Finding {
  mend?: () => Promise<void> | void
}

/** `git prov doctor [--fix]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  let ailments = await examine(context)
  const mended: string[] = []
  if (flags.fix) {
    for (const { mend, where, message } of ailments) {
      if (!mend) continue
      await mend()
      mended.push(`mended: ${where}: ${message}`)
    }
    ailments = await examine(context)
  }
  const findings = ailments.map(({ mend, ...finding }) => finding)
  const view = toFindingsView(findings, { mended })
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const output = openOutput(context)
    const lines = [...mended, ...renderFindings(findings, painter(output.colour))]
    if (findings.length === 0) lines.push('prov: nothing is wrong')
    await output.write(`${lines.join('\n')}\n`)
    await output.end()
  }
  return view.ok ? 0 : 1
}

async function examine(context: Context): Promise<Ailment[]> {
  const repository = context.repository()
  return [
    ...examineBranch(repository),
    ...examineHooks(context),
    ...examineLock(repository),
    ...examineRefLocks(repository),
    ...examineSpool(repository),
    ...(await examineNotes(repository)),
    ...examineReplays(repository),
  ]
}

const fix = 'git prov doctor --fix'

function examineBranch(repository: Repository): Ailment[] {
  const { branchRef } = readSettings(repository)
  const here = tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).status === 0
  const remotes = remoteBranches(repository)
  const found: Ailment[] = []
  if (!here && remotes.size > 0)
    found.push({
      code: 'not-connected',
      severity: 'error',
      where: branchRef,
      message: `is on ${[...remotes.keys()].map((ref) => ref.slice('refs/remotes/'.length)).join(', ')} but not here`,
      hint: 'git prov init',
    })
  else if (!here)
    found.push({
      code: 'not-initialised',
      severity: 'error',
      where: branchRef,
      message: 'does not exist',
      hint: narrowClone(repository) ?? 'git prov init',
    })
  return found
}

/** A single-branch or shallow clone does not fetch the branch. */
function narrowClone(repository: Repository): string | undefined {
  const specs = tryGit(repository, ['config', '--get-all', 'remote.origin.fetch']).stdout.toString('utf8')
  if (specs === '' || specs.includes('refs/heads/*')) return undefined
  return 'this clone fetches one branch only; git prov init connects it'
}

function examineHooks(context: Context): Ailment[] {
  const repository = context.repository()
  if (!repository.workTree || !existsSync(localDir(repository).path)) return []
  const place = hookPlace(context)
  const words = {
    absent: 'is not installed',
    overwritten: 'was written over by something else',
    moved: 'names a node or a git-prov that is not there any more',
    installed: '',
  }
  return inspectHooks(repository, place).flatMap(({ name, state }) => {
    if (state === 'installed') return []
    const mend = async () => void (await installHooks(repository, new Journal(localDir(repository).path), place))
    return [
      {
        code: `hook-${state}`,
        severity: 'warning' as const,
        where: name,
        message: `the hook ${words[state]}`,
        hint: fix,
        mend,
      },
    ]
  })
}

function examineLock(repository: Repository): Ailment[] {
  const { lock } = localDir(repository)
  if (!existsSync(lock)) return []
  const holder = readHolder(lock)
  if (holder && !isGone(holder)) return []
  return [
    {
      code: 'stale-lock',
      severity: 'warning',
      where: 'prov/lock',
      message: 'is held by a process that is gone',
      hint: fix,
      mend: () => rmSync(lock, { force: true }),
    },
  ]
}

const staleAfter = 10 * 60 * 1000

/**
 * git never takes away the lock of a killed process. Those of our refs are judged by age or by our own lock being free;
 * that of a reftable repository, which any git may hold, by age alone. Removed only when asked to.
 */
function examineRefLocks(repository: Repository): Ailment[] {
  const { branchRef, notesRef } = readSettings(repository)
  const unlocked = !existsSync(localDir(repository).lock)
  return [`${branchRef}.lock`, `${notesRef}.lock`, 'reftable/tables.list.lock'].flatMap((name) => {
    const path = join(repository.commonDir, name)
    const since = lockedSince(path)
    if (since === undefined) return []
    const old = Date.now() - since > staleAfter || (unlocked && !name.startsWith('reftable/'))
    return [
      {
        code: 'ref-lock',
        severity: 'warning' as const,
        where: name,
        message: 'a killed git left its lock',
        ...(old
          ? { hint: fix, mend: () => rmSync(path, { force: true }) }
          : { hint: 'wait for the git that holds it' }),
      },
    ]
  })
}

/** Undefined when there is none; in a reftable repository refs/heads is a file. */
function lockedSince(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}

function examineSpool(repository: Repository): Ailment[] {
  const local = localDir(repository)
  const waiting = listLeft(local).length
  const found: Ailment[] = []
  if (waiting > 0) {
    const mend = async () => {
      const ident = committerIdent(repository)
      await foldSpool(repository, { ident, deadline: Date.now() + 10_000 })
    }
    found.push({
      code: 'spooled',
      severity: 'warning',
      where: 'prov/spool',
      message: `${plural(waiting, 'append')} not on the branch yet`,
      hint: fix,
      mend,
    })
  }
  for (const name of leftovers(local.spool)) {
    const damaged = name.endsWith('.damaged')
    found.push({
      code: damaged ? 'damaged-spool' : 'leftover',
      severity: 'warning',
      where: `prov/spool/${name}`,
      message: damaged ? 'could not be read and was set aside' : 'is what a killed process left half written',
      hint: damaged ? 'look at it, then delete it' : fix,
      ...(!damaged && { mend: () => rmSync(join(local.spool, name), { force: true }) }),
    })
  }
  return found
}

function leftovers(folder: string): string[] {
  try {
    return readdirSync(folder).filter(
      (name) =>
        name.endsWith('.damaged') ||
        (name.endsWith('.tmp') && Date.now() - statSync(join(folder, name)).mtimeMs > staleAfter),
    )
  } catch {
    return []
  }
}

/** A crash between the two refs of an append leaves the branch ahead; a fetch leaves the local branch behind. */
async function examineNotes(repository: Repository): Promise<Ailment[]> {
  const { branchRef, notesRef } = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const [branch, notes] = await objects.readAll([branchRef, notesRef])
    if (!branch) return []
    const found: Ailment[] = []
    const behind = [...remoteBranches(repository)].filter(
      ([, tip]) => tryGit(repository, ['merge-base', '--is-ancestor', tip, branchRef]).status !== 0,
    )
    if (behind.length > 0) {
      const mend = async () => {
        await joinRemotes(repository)
        await rebuildNotes(repository)
      }
      found.push({
        code: 'behind',
        severity: 'warning',
        where: branchRef,
        message: `${behind.map(([ref]) => ref.slice('refs/remotes/'.length)).join(', ')} has records that are not here`,
        hint: fix,
        mend,
      })
    }
    if (!notes && tryGit(repository, ['ls-tree', '-d', branchRef, 'records']).stdout.length > 0) {
      found.push({
        code: 'no-notes',
        severity: 'warning',
        where: notesRef,
        message: 'there are records but no notes',
        hint: fix,
        mend: async () => void (await rebuildNotes(repository)),
      })
    }
    return found
  } finally {
    objects.close()
  }
}

/** Temporary work trees of replays that were killed. */
function examineReplays(repository: Repository): Ailment[] {
  return abandonedPlaces(repository).map(({ base, remove }) => ({
    code: 'stale-replay',
    severity: 'warning',
    where: base,
    message: 'was left by a replay that was killed',
    hint: fix,
    mend: remove,
  }))
}
