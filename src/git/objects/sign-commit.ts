import { durable, gitText, type Place, tryGit } from '../run.ts'
import type { NewCommit } from './fast-import.ts'

/** The signed commit, or why it could not be signed. */
export type Signed = { commit: string } | { reason: string }

/**
 * Recreates a commit with a signature according to the user's settings (gpg.format, user.signingkey). With `ask: false` it
 * never prompts: a key whose passphrase has not been entered yet gives a reason instead.
 */
export function signCommit(place: Place, commit: string, made: NewCommit, ask: boolean): Signed {
  const [, name = '', email = '', date = ''] = made.ident.match(/^(.*) <(.*)> (\d+ [+-]\d{4})$/) ?? []
  const identity = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, name],
      [`GIT_${who}_EMAIL`, email],
      [`GIT_${who}_DATE`, `@${date}`],
    ]),
  )
  const silent: Record<string, string> = ask ? {} : { SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force' }
  const env: Record<string, string> = { ...place.env, ...identity, ...silent }
  if (!ask) delete env.GPG_TTY
  const parents = made.parents.flatMap((parent) => ['-p', parent])
  const args = [...durable, 'commit-tree', '-S', ...parents, gitText(place, ['rev-parse', `${commit}^{tree}`])]
  const result = tryGit({ ...place, env }, args, made.message)
  if (result.status === 0) return { commit: result.stdout.toString('latin1').trim() }
  return { reason: result.stderr.trim().split('\n').at(-1) ?? 'git could not sign' }
}
