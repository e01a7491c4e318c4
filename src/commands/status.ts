import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { type Finding, toFindingsView } from '../base/finding.ts'
import { plural } from '../base/quantity.ts'
import { findUncaptured } from '../capture/backfill.ts'
import { listPending } from '../capture/pending.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { listLeft } from '../ledger/append/spool.ts'
import { type LastSync, readLastSync } from '../ledger/local/last-sync.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { openOutput } from '../terminal/output.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov status`: what is recorded of HEAD, and what waits to be. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags } = parseWords(spec, argv)
  const repository = context.repository()
  const settings = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const [branch, head] = await objects.readAll([settings.branchRef, 'HEAD'])
    const findings: Finding[] = []
    if (!branch)
      findings.push({
        code: 'not-initialised',
        severity: 'error',
        where: settings.branchRef,
        message: 'there is no provenance here yet',
        hint: 'git prov init',
      })
    else findings.push(...(await waiting(context, objects)))
    const capture = branch && head ? await readCapture({ objects, settings }, head.oid) : undefined
    const view = toFindingsView(findings, { head: head?.oid ?? null, capture: capture?.id ?? null })
    if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    else {
      const output = openOutput(context)
      const about = !head
        ? 'no commit yet'
        : capture
          ? `HEAD ${head.oid.slice(0, 7)} is captured${capture.late ? ' (late)' : ''}`
          : `HEAD ${head.oid.slice(0, 7)} has no capture`
      await output.write(`${[`prov: ${about}`, ...renderFindings(findings, painter(output.colour))].join('\n')}\n`)
      await output.end()
    }
    return view.ok ? 0 : 1
  } finally {
    objects.close()
  }
}

async function waiting(context: Context, objects: ObjectReader): Promise<Finding[]> {
  const repository = context.repository()
  const local = localDir(repository)
  const findings: Finding[] = []
  for (const { commit } of listPending(local)) {
    findings.push({
      code: 'pending',
      severity: 'warning',
      where: commit.slice(0, 10),
      message: 'its data is still being fingerprinted',
      hint: 'git prov capture finishes it now',
    })
  }
  const spooled = listLeft(local).length
  if (spooled > 0)
    findings.push({
      code: 'spooled',
      severity: 'warning',
      where: 'spool',
      message: `${plural(spooled, 'append')} not on the branch yet`,
      hint: 'git prov capture',
    })
  findings.push(...notShared(readLastSync(local)))
  for (const oid of await findUncaptured(repository, objects)) {
    findings.push({
      code: 'uncaptured',
      severity: 'warning',
      where: oid.slice(0, 10),
      message: 'was made here and has no capture',
      hint: 'git prov capture',
    })
  }
  try {
    const config = await loadConfig(repository, local.cache)
    if (repository.workTree && config.datasets.length === 0)
      findings.push({
        code: 'no-datasets',
        severity: 'info',
        where: 'prov.yaml',
        message: 'no dataset is declared',
        hint: 'git prov dataset add <name> <path>',
      })
  } catch (error) {
    // The place is in the message: prov.yaml:3:5: what is wrong there.
    const [, where = 'prov.yaml', message] = messageOf(error).match(/^(prov\.yaml[:\d]*): (.*)$/) ?? [
      '',
      undefined,
      messageOf(error),
    ]
    findings.push({
      code: 'config',
      severity: 'error',
      where,
      message: message ?? messageOf(error),
      hint: (error instanceof ProvError && error.hint) || 'mend it; until then commits are captured without data',
    })
  }
  return findings
}

/** A push never fails for want of sharing, so that the last one did not share is told here. */
function notShared(last: LastSync | undefined): Finding[] {
  if (last?.view.state !== 'kept') return []
  const message = `the last sync sent nothing: ${escapeLine(last.view.problem ?? 'it was too busy')}`
  return [{ code: 'not-shared', severity: 'info', where: last.view.remote, message, hint: 'git prov sync' }]
}
