import { ProvError } from '../../base/errors.ts'
import { schemaTexts } from '../../generated/schema-texts.ts'
import { importCommits } from '../../git/objects/fast-import.ts'
import { objectName } from '../../git/objects/objects.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { gitResult, spawnGit, tryGit } from '../../git/run.ts'
import { stampReadme, stampSchema } from '../../records/branch/branch-version.ts'
import { schemaPath } from '../../records/layout.ts'
import { readSettings } from '../local/settings.ts'
import { branchReadme } from './branch-readme.ts'

// Fixed, so that two people who each start a branch share its history.
const rootIdent = 'git-prov <git-prov@localhost> 0 +0000'
const rootMessage = 'Provenance of this repository\n'
const schemasMessage = 'README and schemas\n'

/**
 * Creates the provenance branch: a root commit that is the same everywhere, then README and schemas, which depend only on
 * the version of git-prov. Returns whether it was created now. Throws `not-ours` when the name is taken.
 */
export async function initLedger(repository: Repository): Promise<'created' | 'there'> {
  const { branchRef } = readSettings(repository)
  const root = await makeRoot(repository)
  const tip = tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).stdout.toString('utf8').trim()
  if (tip) {
    await requireOurs(repository, branchRef, root)
    return 'there'
  }
  const [commit] = await importCommits(repository, [
    { ident: rootIdent, message: schemasMessage, parents: [root], files: branchFiles() },
  ])
  await moveRefs(repository, [{ ref: branchRef, to: commit, from: undefined }])
  return 'created'
}

/** Writes the root commit if it is missing and returns its name. Its tree is empty. */
export async function makeRoot(repository: Repository): Promise<string> {
  const [root] = await importCommits(repository, [
    { ident: rootIdent, message: rootMessage, parents: [], files: new Map() },
  ])
  return root as string
}

/** The name of the root commit, the same in every repository. */
export function rootName({ oidLength }: Pick<Repository, 'oidLength'>): string {
  const tree = objectName('tree', '', oidLength)
  const text = `tree ${tree}\nauthor ${rootIdent}\ncommitter ${rootIdent}\n\n${rootMessage}`
  return objectName('commit', text, oidLength)
}

/** README and schemas as this version writes them. */
export function branchFiles(): Map<string, Uint8Array> {
  const files = new Map([['README.md', Buffer.from(stampReadme(branchReadme, __VERSION__), 'utf8')]])
  for (const [file, text] of Object.entries(schemaTexts))
    files.set(schemaPath(file), Buffer.from(stampSchema(text, __VERSION__), 'utf8'))
  return files
}

/** Whether a ref descends from our root commit, which is the only proof that a branch of this name is ours. */
export async function isOurs(repository: Repository, ref: string, root?: string): Promise<boolean> {
  const child = spawnGit(repository, ['merge-base', '--is-ancestor', root ?? rootName(repository), ref])
  return (await gitResult(child, repository)).status === 0
}

async function requireOurs(repository: Repository, branchRef: string, root: string): Promise<void> {
  if (await isOurs(repository, branchRef, root)) return
  const name = branchRef.slice('refs/heads/'.length)
  throw new ProvError('not-ours', `there is a branch '${name}' here that git-prov did not make`, {
    hint: `choose another name: git config prov.branch provenance, then git prov init`,
  })
}

declare const __VERSION__: string
