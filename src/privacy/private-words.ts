import { homedir, hostname, userInfo } from 'node:os'
import type { PrivateWords } from './redact-scans.ts'

/** Names that identify the user and the machine: account, host and home folder, from the system and the environment. */
export function privateWords(
  env: Readonly<Record<string, string | undefined>>,
): Required<Pick<PrivateWords, 'users' | 'hosts' | 'homes'>> {
  const known = (list: readonly (string | undefined)[]) => [...new Set(list.filter((name): name is string => !!name))]
  return {
    users: known([accountName(), env.USER, env.LOGNAME, env.USERNAME, env.SUDO_USER]),
    hosts: known([hostname(), env.HOSTNAME, env.COMPUTERNAME, env.SLURMD_NODENAME]),
    homes: known([env.HOME || homedir(), env.USERPROFILE]),
  }
}

function accountName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
