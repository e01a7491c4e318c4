import type { Context } from '../context.ts'
import { formatCount, plural } from '../core/dataset.ts'
import { type Finding, toFindingsView } from '../core/finding.ts'
import { checkBranch } from '../ledger/check-branch.ts'
import { checkHistory } from '../ledger/check-history.ts'
import { checkNotes } from '../ledger/check-notes.ts'
import { requireBranch } from '../ledger/read.ts'
import { painter } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'
import { openOutput } from './terminal.ts'

/** `git prov verify`: proves every file of the branch, every link, the notes and the branch's history. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags } = parseWords(commandNamed('verify'), argv)
  const repository = context.repository()
  requireBranch(repository)
  const findings: Finding[] = []
  const counts = await checkBranch(repository, findings, progressOf(context))
  findings.push(...(await checkHistory(repository)), ...(await checkNotes(repository)))
  const view = toFindingsView(findings, { checked: counts })
  if (flags.json) context.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else {
    const output = openOutput(context)
    const lines = renderFindings(findings, painter(output.colour))
    const what = `${plural(counts.records, 'record')}, ${plural(counts.environments, 'environment')}, ${plural(counts.manifests, 'manifest')}`
    lines.push(
      view.ok
        ? `prov: ${what}: every one is what its name says`
        : `prov: ${plural(findings.length, 'finding')} in ${what}`,
    )
    await output.write(`${lines.join('\n')}\n`)
    await output.end()
  }
  return view.ok ? 0 : 1
}

/** A count on a terminal, from one second on. */
function progressOf({ stderr, now }: Context): (done: number) => void {
  const start = now().getTime()
  return (done) => {
    if (!stderr.isTTY || now().getTime() - start < 1000) return
    stderr.write(done < 0 ? '\r\x1b[K' : `\rverifying  ${formatCount(done)} files\x1b[K`)
  }
}
