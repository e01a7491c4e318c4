import { ProvError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { checkRange } from '../../ledger/proof/guard/check-push.ts'
import { withRules } from './rules.ts'

interface GuardChecked {
  /** What was checked, as typed. */
  to: string
  findings: Finding[]
}

/** The guard's check where no hook can be installed: of what a range adds, or of a whole tip. Throws `unknown-revision`. */
export async function checkGuarded(
  context: Context,
  range: string | undefined,
  signers: string | undefined,
): Promise<GuardChecked> {
  const repository = context.repository()
  const { branchRef } = readSettings(repository)
  const [from, to = branchRef] = range?.includes('..') ? range.split('..', 2) : [undefined, range]
  const [tip, base] = [resolveCommit(repository, to || branchRef), from ? resolveCommit(repository, from) : undefined]
  const isReplaced = base && tryGit(repository, ['merge-base', '--is-ancestor', base, tip]).status !== 0
  if (isReplaced) return { to, findings: [replaced(to, from as string)] }
  const findings = await withRules(context, signers, (rules) => checkRange(repository, tip, base ? [base] : [], rules))
  return { to, findings }
}

function replaced(to: string, from: string): Finding {
  const message = `does not contain ${from}: its history was replaced`
  return { code: 'replaced', severity: 'error', where: to, message }
}

function resolveCommit(repository: Repository, word: string): string {
  const result = tryGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`])
  if (result.status === 0) return result.stdout.toString('latin1').trim()
  throw new ProvError('unknown-revision', `there is no commit '${word}' here`, { hint: 'git fetch <remote> prov' })
}
