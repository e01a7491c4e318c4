import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { plural } from '../../base/quantity.ts'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { listLeft } from '../../ledger/append/spool.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { foldWaiting } from '../../recording/fold-waiting.ts'
import { fixHint, type Problem, staleAfter } from '../problem.ts'

/** Appends waiting to be folded, and damaged or half-written files. */
export function spoolProblems(repository: Repository, context: Context): Problem[] {
  const local = localDir(repository)
  return [
    ...waiting(context, listLeft(local).length),
    ...leftovers(local.spool).map((name) => leftover(local.spool, name)),
  ]
}

function waiting(context: Context, count: number): Problem[] {
  if (count === 0) return []
  const fix = async () => void (await foldWaiting(context, undefined, { patience: 10_000 }))
  const message = `${plural(count, 'append')} not on the branch yet`
  return [{ code: 'spooled', severity: 'warning', where: 'prov/spool', message, hint: fixHint, fix }]
}

/** A damaged file may hold the only copy of a record, so a person has to decide. */
function leftover(folder: string, name: string): Problem {
  const damaged = name.endsWith('.damaged')
  return {
    code: damaged ? 'damaged-spool' : 'leftover',
    severity: 'warning',
    where: `prov/spool/${name}`,
    message: damaged ? 'could not be read and was set aside' : 'was left half-written by a killed process',
    hint: damaged ? 'look at it, then delete it' : fixHint,
    ...(!damaged && { fix: () => rmSync(join(folder, name), { force: true }) }),
  }
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
