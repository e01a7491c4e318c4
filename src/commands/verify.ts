import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { type Finding, type FindingsView, toFindingsView } from '../base/finding.ts'
import { formatCount, plural } from '../base/quantity.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { type CommitChanges, readChanges } from '../git/objects/changes.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { rootName } from '../ledger/append/init.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { checkBranch } from '../ledger/proof/check-branch.ts'
import type { Checked } from '../ledger/proof/check-file.ts'
import { checkHistory } from '../ledger/proof/check-history.ts'
import { checkNotes } from '../ledger/proof/check-notes.ts'
import { checkRemovers } from '../ledger/proof/check-removers.ts'
import { checkSeals, type Vouched } from '../ledger/proof/check-seals.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import { readLetGo } from '../ledger/removal/removals.ts'
import type { Archive, Redaction } from '../records/record.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { countProgress } from '../terminal/count-progress.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov verify`: proves every file of the branch, every link, the notes and the branch's history. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const repository = context.repository()
  const { branchRef } = readSettings(repository)
  requireBranch(repository, branchRef)
  const findings: Finding[] = []
  const counts = await checkBranch(repository, findings, countProgress(context, 'verifying'))
  const letGo = await readLetGo(repository, branchRef)
  const rules = { root: rootName(repository), isKnownText: () => true, mayGo: (path: string) => letGo.has(path) }
  const commits = readChanges(repository, [branchRef])
  findings.push(...checkHistory(commits, rules), ...(await checkNotes(repository)), ...(await removers(repository)))
  const signers = flags['allowed-signers'] as string | undefined
  const signatures = flags.signatures || signers ? await checkSigned(context, commits, signers) : undefined
  findings.push(...(signatures?.findings ?? []))
  const view = toFindingsView(findings, { checked: counts, ...(signatures && { signatures: signatures.counts }) })
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else await print(context, view)
  return view.ok ? 0 : 1
}

/** Who let files go, held against the policy of the work tree. */
async function removers(repository: Repository): Promise<Finding[]> {
  const records: { path: string; record: Archive | Redaction }[] = []
  for await (const outcome of readRecords(repository, ['archive', 'redaction'])) {
    if (!('stored' in outcome)) continue
    const { record } = outcome.stored
    if (record.kind === 'archive' || record.kind === 'redaction') records.push({ path: outcome.entry.path, record })
  }
  if (records.length === 0) return []
  return checkRemovers(records, (await loadConfig(repository, localDir(repository).cache)).policy)
}

async function checkSigned(context: Context, commits: readonly CommitChanges[], signers: string | undefined) {
  const repository = context.repository()
  const file = signers === undefined ? undefined : resolve(context.cwd, signers)
  if (file !== undefined && !existsSync(file))
    throw new ProvError('usage', `there is no file '${signers}'`, {
      hint: 'one line a person: <mail> namespaces="git" <public key> (ssh-keygen(1), ALLOWED SIGNERS)',
    })
  const objects = new ObjectReader(repository)
  try {
    return await checkSeals(repository, objects, commits, file)
  } finally {
    objects.close()
  }
}

type View = FindingsView & { checked: Checked; signatures?: Vouched }

async function print(context: Context, { findings, checked, signatures, ok }: View): Promise<void> {
  const output = openOutput(context)
  const lines = renderFindings(findings, painter(output.colour))
  const what = `${plural(checked.records, 'record')}, ${plural(checked.environments, 'environment')}, ${plural(checked.manifests, 'manifest')}`
  if (signatures)
    lines.push(
      `prov: ${plural(signatures.commits, 'commit')} on the branch: ${formatCount(signatures.signed)} signed, ${formatCount(signatures.vouched)} vouched for by a later signature`,
    )
  lines.push(
    ok ? `prov: ${what}: every one is what its name says` : `prov: ${plural(findings.length, 'finding')} in ${what}`,
  )
  await output.write(`${lines.join('\n')}\n`)
  await output.end()
}
