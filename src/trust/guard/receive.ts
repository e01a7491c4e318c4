import { resolve } from 'node:path'
import type { Finding } from '../../base/finding.ts'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { checkPush, type PushedRef } from '../../ledger/proof/guard/check-push.ts'
import { withRules } from './rules.ts'

/** Checks a push from within pre-receive; `input` is what git passed to the hook. */
export async function checkReceived(context: Context, input: string): Promise<Finding[]> {
  const refs = parseRefs(input)
  const pushed = inQuarantine(context.repository(), context)
  return await withRules(context, undefined, (rules) => checkPush(pushed, refs, rules))
}

/** githooks(5), pre-receive: `<old> SP <new> SP <ref> LF` */
function parseRefs(text: string): PushedRef[] {
  const known = (oid: string) => (/^0+$/.test(oid) ? undefined : oid)
  return text.split('\n').flatMap((line) => {
    const match = line.match(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (.+)$/)
    return match ? [{ from: known(match[1] as string), to: known(match[2] as string), ref: match[3] as string }] : []
  })
}

/** Pushed objects are in a quarantine folder until the hook accepts them (git-receive-pack(1), QUARANTINE ENVIRONMENT). */
function inQuarantine(repository: Repository, { env }: Context): Repository {
  const names = ['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_QUARANTINE_PATH']
  const kept = names.flatMap((name) =>
    env[name] === undefined ? [] : [[name, resolve(repository.gitDir, env[name])] as const],
  )
  return { ...repository, env: { ...repository.env, ...Object.fromEntries(kept) } }
}
