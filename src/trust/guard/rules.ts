import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GuardPolicy, guardPolicy } from '../../config/guard-policy.ts'
import { parseConfig } from '../../config/parse-config.ts'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import type { PushRules } from '../../ledger/proof/guard/check-push.ts'

/** The policy on the default branch before this push. */
export async function withRules<T>(
  context: Context,
  signers: string | undefined,
  work: (rules: PushRules) => Promise<T>,
): Promise<T> {
  const { env } = context
  const repository = context.repository()
  const policy = await readPolicy(repository)
  const folder = mkdtempSync(join(tmpdir(), 'git-prov-'))
  try {
    const allowedSigners = signers ?? writeSigners(repository, policy, folder)
    const name = env.GL_USER ?? env.REMOTE_USER ?? env.GIT_PROV_USER
    const certificate = {
      status: env.GIT_PUSH_CERT_STATUS ?? '',
      signer: env.GIT_PUSH_CERT_SIGNER ?? '',
      nonce: env.GIT_PUSH_CERT_NONCE_STATUS ?? '',
    }
    const pusher = { certificate, ...(name && { name: policy.accounts[name] ?? name }) }
    return await work({ policy, pusher, ...(allowedSigners && { allowedSigners }) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function readPolicy(repository: Repository): Promise<GuardPolicy> {
  const file = tryGit(repository, ['cat-file', 'blob', 'HEAD:prov.yaml'])
  return guardPolicy(file.status === 0 ? (await parseConfig(file.stdout.toString('utf8'))).policy : undefined)
}

/** The server's own file takes precedence over the one reviewed with the code. */
function writeSigners(repository: Repository, { signers }: GuardPolicy, folder: string): string | undefined {
  const own = tryGit(repository, ['config', 'gpg.ssh.allowedSignersFile']).stdout.toString('utf8').trim()
  if (own || signers === undefined) return undefined
  const file = join(folder, 'allowed_signers')
  const blob = tryGit(repository, ['cat-file', 'blob', `HEAD:${signers}`])
  writeFileSync(file, blob.status === 0 ? blob.stdout : '')
  return file
}
