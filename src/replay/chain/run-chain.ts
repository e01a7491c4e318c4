import { type RunView, usedInputs } from '../../records/run.ts'

/**
 * The runs on any path from one run to another, each after those whose outputs it used. A run used another's output when
 * it has an input with the same digest (or another tool's md5) and started later. Empty when there is no path.
 */
export function findPath(runs: readonly RunView[], from: string, to: string): RunView[] {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const makers = new Map<string, RunView[]>()
  for (const run of runs)
    for (const name of names(run.record.outputs ?? [])) makers.set(name, [...(makers.get(name) ?? []), run])
  const before = (run: RunView) =>
    new Set(
      names(run.record.inputs.filter(usedInputs(run.record))).flatMap((name) =>
        (makers.get(name) ?? []).filter((maker) => maker.id !== run.id && isEarlier(maker, run)),
      ),
    )
  const leads = new Map<string, boolean>()
  const order: RunView[] = []
  const visit = (run: RunView): boolean => {
    const known = leads.get(run.id)
    if (known !== undefined) return known
    leads.set(run.id, run.id === from)
    const found = run.id === from ? [] : [...before(run)].filter(visit)
    const leading = run.id === from || found.length > 0
    leads.set(run.id, leading)
    if (leading) order.push(run)
    return leading
  }
  const last = byId.get(to)
  return last && visit(last) ? order : []
}

function names(files: readonly { digest?: string; aliases?: { md5?: string } }[]): string[] {
  return files.flatMap(({ digest, aliases }) =>
    [digest, aliases?.md5].filter((name): name is string => name !== undefined),
  )
}

const isEarlier = (a: RunView, b: RunView) => (a.record.started ?? a.record.time) < (b.record.started ?? b.record.time)
